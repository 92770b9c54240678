// SPDX-License-Identifier: MIT
#include "inspect.hpp"

#include "execution.hpp"
#include "explorer.hpp"

#include <stdexcept>

namespace runnel::model {

void for_each_graph(program& p, const std::function<void(const graph&, ending)>& visit,
                    memory_model m) {
  explorer e(p.threads() + 1);
  e.follow(m);
  execution x(p, e);
  do {
    const run_outcome outcome = x.run(false, false);
    if (outcome.end == run_end::complete) visit(e.current(), ending::complete);
    if (outcome.end != run_end::failed) continue;
    if (outcome.kind != "deadlock" && outcome.kind != "lost wake-up" && outcome.kind != "livelock")
      throw std::runtime_error(outcome.kind + ": " + outcome.message);
    visit(e.current(), ending::stuck);
  } while (e.advance());
}

}  // namespace runnel::model
