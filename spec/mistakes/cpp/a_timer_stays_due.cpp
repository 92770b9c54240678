// SPDX-License-Identifier: MIT
//
// A timer that has fired is still due.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  const bool was_due = s.world.timer.due;
  const bool allowed = is_allowed(s, l);
  s.world.timer.due = s.world.timer.due || was_due;
  return allowed;
}

}  // namespace runnel::spec::agreement
