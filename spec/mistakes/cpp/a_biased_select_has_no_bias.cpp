// SPDX-License-Identifier: MIT
//
// A biased select does a case though it has not seen that those before it are impossible.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  if (l.action == action::choose) s.calls[l.call].biased = false;
  return is_allowed(s, l);
}

}  // namespace runnel::spec::agreement
