// SPDX-License-Identifier: MIT
//
// try_recv may report `empty` while a message is there.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  if (c.op == op::try_recv && c.response == response::empty) return s.senders != 0;
  return step(s, c);
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
