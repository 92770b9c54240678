// SPDX-License-Identifier: MIT
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) { return step(s, c); }

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
