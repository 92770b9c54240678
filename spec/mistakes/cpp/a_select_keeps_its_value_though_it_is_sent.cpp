// SPDX-License-Identifier: MIT
//
// A select that sends still has its value afterwards.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  if (l.action == action::has_sent) return false;
  return is_allowed(s, l);
}

}  // namespace runnel::spec::agreement
