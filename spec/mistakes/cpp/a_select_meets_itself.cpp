// SPDX-License-Identifier: MIT
//
// A select that sends to a rendezvous and receives from it meets itself.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  auto other = s.calls[l.other_call];
  if (l.action == action::meet) return meet(s.world, s.calls[l.call], l.which, other, l.other_case);
  return is_allowed(s, l);
}

}  // namespace runnel::spec::agreement
