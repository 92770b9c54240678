// SPDX-License-Identifier: MIT
#include "broken_channels.hpp"
#include "mistaken_on.hpp"
#include "runs/async_runs.hpp"
#include "runs/graph_tests.hpp"

namespace runnel::check {

result run_mistaken_asyncs(const async_program& p, const search& s, const options& o) {
  using run_on = composed_runner<engine::explorer>;
  return run_async<run_on, mistaken_parts>(p, p.threads.size() == 3, s, o);
}

}  // namespace runnel::check
