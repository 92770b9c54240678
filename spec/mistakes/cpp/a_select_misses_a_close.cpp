// SPDX-License-Identifier: MIT
//
// A case that waits for the close of a channel is told when the last receiver goes, and of no close before.
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) {
  const bool closed = s.world.channels[0].closed;
  const bool chooses_close = l.action == action::choose && l.which == 5;
  if (chooses_close) s.world.channels[0].closed = false;
  const bool is = is_allowed(s, l);
  if (chooses_close) s.world.channels[0].closed = closed;
  return is;
}

}  // namespace runnel::spec::agreement
