// SPDX-License-Identifier: MIT
#include "graph_tests.hpp"

namespace runnel::check::on_graphs {

result queue(const queue_program& p, const search& s, const options& o) {
  return run_queue<graph_tests>(p, s, o);
}

}  // namespace runnel::check::on_graphs
