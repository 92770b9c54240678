// SPDX-License-Identifier: MIT
//
// A select that is to end counts what it has seen before.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  if (l.action == action::end_waiting) {
    const auto before = s.calls[l.call].cases;
    const bool allowed = is_allowed(s, l);
    s.calls[l.call].cases = before;
    return allowed;
  }
  return is_allowed(s, l);
}

}  // namespace runnel::spec::agreement
