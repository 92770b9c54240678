// SPDX-License-Identifier: MIT
//
// The drop of the last receiver destroys nothing.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  if (c.op == op::drop_receiver) return s.receivers != 0 && s.receivers-- != 0;
  return step(s, c);
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
