// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <algorithm>

namespace runnel::litmus_core {

std::vector<value> outcome_of(const program& p, const execution& x,
                              const std::vector<observed>& shown) {
  std::vector<value> all;
  for (const observed& o : shown) {
    if (o.thread != observed::no_thread) {
      all.push_back(x.locals[static_cast<std::size_t>(o.thread)][o.index]);
    } else {
      const std::vector<std::size_t>& mo = x.mo[o.index];
      all.push_back(mo.empty() ? p.locations[o.index].initial : x.events[mo.back()].value);
    }
  }
  return all;
}

bool holds(const proposition& c, const std::vector<observed>& shown,
           const std::vector<value>& outcome) {
  const auto part = [&](const proposition& p) { return holds(p, shown, outcome); };
  const auto known = [&] {
    return outcome[static_cast<std::size_t>(std::ranges::find(shown, c.left) - shown.begin())];
  };
  switch (c.is) {
    case proposition::kind::always: return true;
    case proposition::kind::equal: return known() == c.right;
    case proposition::kind::all: return std::ranges::all_of(c.parts, part);
    case proposition::kind::any: return std::ranges::any_of(c.parts, part);
    case proposition::kind::none: return std::ranges::none_of(c.parts, part);
  }
  return false;
}

}  // namespace runnel::litmus_core
