// SPDX-License-Identifier: MIT
#include "graph_engine.hpp"

#include <stdexcept>
#include <utility>

namespace runnel::check {

result search_graphs(model::program& program, const search& search, const options& options) {
  if (search.kind != search_kind::full)
    throw std::invalid_argument("the explorer has full search only");
  model::explore_options how;
  how.limit = options.limit;
  how.replay = options.replay;
  how.progress = options.progress;
  model::explore_result explored = model::explore(program, how);
  result r;
  switch (explored.end) {
    case model::end_of_search::exhausted: r.verdict = verdict::passed; break;
    case model::end_of_search::failed: r.verdict = verdict::failed; break;
    case model::end_of_search::cut: r.verdict = verdict::incomplete; break;
  }
  r.failure = std::move(explored.failure);
  r.message = std::move(explored.message);
  r.history = std::move(explored.history);
  r.replay = std::move(explored.replay);
  r.executions = explored.complete;
  return r;
}

}  // namespace runnel::check
