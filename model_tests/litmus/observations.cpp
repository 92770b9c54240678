// SPDX-License-Identifier: MIT
#include "observations.hpp"

#include <algorithm>
#include <iterator>

namespace runnel::litmus {

void observations::begin() { values_ = {}; }

void observations::note_wait() { has_waited_ = true; }

void observations::end(std::span<const int> finals) {
  outcome o{values_, {}};
  std::ranges::copy(finals, o.finals.begin());
  found_.insert(o);
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
