// SPDX-License-Identifier: MIT
#include "observations.hpp"

#include <algorithm>
#include <iterator>

namespace runnel::litmus {

void observations::begin() { values_ = {}; }

void observations::note_wait() { has_waited_ = true; }

bool observations::end(std::span<const int> finals) {
  outcome o{values_, {}};
  std::ranges::copy(finals, o.finals.begin());
  const auto place = std::ranges::lower_bound(found_, o);
  if (place != found_.end() && *place == o) return true;
  if (found_.size() == found_.capacity()) return false;
  found_.insert(place, o);
  return true;
}

std::set<std::string> observations::texts() const {
  std::set<std::string> all;
  for (const outcome& o : found_) {
    const auto n = static_cast<std::ptrdiff_t>(program_.finals.size());
    all.insert(text_of(o.values, program_, {o.finals.begin(), std::next(o.finals.begin(), n)}));
  }
  return all;
}

}  // namespace runnel::litmus
