// SPDX-License-Identifier: MIT
//
// A timed send does not report `timeout`.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  if (c.op == op::timed_send && c.response == response::timeout) return false;
  return step(s, c);
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
