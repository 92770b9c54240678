// SPDX-License-Identifier: MIT
#include "graph_engine.hpp"

#include "site_marks.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace runnel::check {
namespace {

constexpr std::uint64_t most_memory = 64U << 20U;

model::explore_options options_of_search(const search& search, const options& options) {
  model::explore_options how;
  how.faults.weak_failures = search.faults;
  how.faults.spurious_wakes = search.faults;
  how.faults.failed_allocations = search.failed_allocations;
  how.limit = options.limit;
  how.seconds = options.seconds;
  how.smallest = options.smallest;
  how.jobs = options.jobs;
  how.replay = options.replay;
  how.progress = options.progress;
  // Of their histories, threads of a test see what does not happen before.
  how.watches_memory = false;
  how.observes = options.observes;
  how.severed = {current_severed_pair().release, current_severed_pair().acquire};
  return how;
}

/// For the duration of a scope.
class reduced {
 public:
  explicit reduced(reductions by) { current_reductions() = by; }
  ~reduced() { current_reductions() = {}; }
  reduced(const reduced&) = delete;
  reduced& operator=(const reduced&) = delete;
};

void check_reductions(const search& search) {
  const reductions by = search.reductions;
  if (by.has(reduction::guesses) && !by.has(reduction::retries))
    throw std::invalid_argument("guesses can be chosen only where retries are cut");
  if (by.has(reduction::retries) && (search.faults != 0 || search.failed_allocations != 0))
    throw std::invalid_argument("retries are not cut where something goes wrong without a reason");
}

/// What else the explorer has counted.
std::string counted(const model::explore_result& explored) {
  std::string s = std::to_string(explored.blocked) + " blocked, " +
                  std::to_string(explored.dropped) + " dropped, " +
                  std::to_string(explored.revisits) + " revisits, " +
                  std::to_string(explored.events) + " events, " +
                  std::to_string((explored.memory + 1023) / 1024) + " KiB";
  if (explored.time > 0) {
    const auto executions = static_cast<double>(explored.complete + explored.blocked);
    s += ", " + std::to_string(std::llround(executions / explored.time)) + " executions a second";
  }
  return s;
}

}  // namespace

result search_graphs(model::program& program, const search& search, const options& options) {
  if (search.kind != search_kind::full)
    throw std::invalid_argument("the explorer has full search only");
  check_reductions(search);
  const reduced scope(search.reductions);
  const model::explore_options how = options_of_search(search, options);
  site_mark::clear_all();
  model::explore_result explored = model::explore(program, how);
  result r;
  r.sites = site_mark::names_of_set();
  for (model::synchronization& s : explored.synchronizations)
    r.observations.push_back(
        {{std::move(s.places.release), std::move(s.places.acquire)}, s.executions, s.continued});
  switch (explored.end) {
    case model::end_of_search::exhausted: r.verdict = verdict::passed; break;
    case model::end_of_search::failed: r.verdict = verdict::failed; break;
    case model::end_of_search::cut: r.verdict = verdict::incomplete; break;
  }
  r.failure = std::move(explored.failure);
  r.message = std::move(explored.message);
  if (r.verdict == verdict::incomplete && how.seconds > 0 && explored.time >= how.seconds)
    r.message = "the time limit ended the search";
  r.history = std::move(explored.history);
  r.picture = std::move(explored.picture);
  r.weakened = current_weakening().site;
  r.failures = explored.failures;
  r.is_smallest = explored.is_smallest;
  r.replay = std::move(explored.replay);
  r.executions = explored.complete + (r.verdict == verdict::failed ? 1 : 0);
  r.details = counted(explored);
  if (r.verdict == verdict::passed && explored.memory > most_memory) {
    r.verdict = verdict::failed;
    r.failure = kind::memory;
    r.message = "the search held " + std::to_string(explored.memory >> 20) +
                " MiB in memory; no scenario may take more than " +
                std::to_string(most_memory >> 20);
  }
  return r;
}

void name_the_parts(result& r, std::span<const stand_in> parts) {
  const auto part = [parts](std::string_view site) {
    const auto found = std::ranges::find(parts, site, &stand_in::site);
    return found == parts.end() ? std::string_view() : found->part;
  };
  std::erase_if(r.sites, [&](const std::string& site) { return !part(site).empty(); });
  for (observation& o : r.observations) {
    if (!part(o.pair.release).empty()) o.pair.release = part(o.pair.release);
    if (!part(o.pair.acquire).empty()) o.pair.acquire = part(o.pair.acquire);
  }
}

}  // namespace runnel::check
