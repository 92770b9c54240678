// SPDX-License-Identifier: MIT
//
// A select whose partner has met it goes on with another case.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  if (l.action == action::meet && is_allowed(s, l)) {
    s.calls[l.other_call].over = false;
    return true;
  }
  return is_allowed(s, l);
}

}  // namespace runnel::spec::agreement
