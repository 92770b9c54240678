// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <algorithm>
#include <tuple>

namespace runnel::litmus_core {

namespace {

void add_observed(const proposition& p, std::vector<observed>& all) {
  if (p.is == proposition::kind::equal) all.push_back(p.left);
  for (const proposition& part : p.parts) add_observed(part, all);
}

}  // namespace

std::vector<observed> observed_by(const program& p) {
  std::vector<observed> all = p.shown;
  add_observed(p.condition, all);
  const auto key = [&](const observed& o) {
    const bool is_location = o.thread == observed::no_thread;
    return std::tuple(is_location, o.thread, name_of(p, o));
  };
  std::ranges::sort(all, {}, key);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

std::vector<observed> needed_by(const program& p) {
  std::vector<observed> all = observed_by(p);
  if (p.filter) add_observed(*p.filter, all);
  return all;
}

std::string name_of(const program& p, const observed& o) {
  if (o.thread == observed::no_thread) return '[' + p.locations[o.index].name + ']';
  const auto thread = static_cast<std::size_t>(o.thread);
  return std::to_string(o.thread) + ':' + p.threads[thread].locals[o.index].name;
}

}  // namespace runnel::litmus_core
