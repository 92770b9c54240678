// SPDX-License-Identifier: MIT
//
// The close of a channel destroys what is buffered, as the drop of the last receiver does.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) {
  if (!step(s, c)) return false;
  if (c.op == op::close) {
    s.buffer = {};
    s.size = 0;
  }
  return true;
}

bool allowed_joint(const state& s, const call& sent, const call& received) {
  return joint(s, sent, received);
}

}  // namespace runnel::spec::agreement
