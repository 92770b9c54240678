// SPDX-License-Identifier: MIT
//
// A sender is copied when none is left.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  if (c.op == op::clone_sender) return ++s.senders != 0;
  return step(s, c);
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
