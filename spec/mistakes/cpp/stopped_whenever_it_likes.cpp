// SPDX-License-Identifier: MIT
//
// A call may report `stopped` although nobody has asked for it.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  state requested = s;
  requested.stop_requested = true;
  if (c.response == response::stopped) return step(requested, c);
  return step(s, c);
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
