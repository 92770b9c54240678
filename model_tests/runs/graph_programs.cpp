// SPDX-License-Identifier: MIT
#include "graph_tests.hpp"

namespace runnel::check::on_graphs {

result program(const check::program& p, bool mpmc, const search& s, const options& o) {
  return run_program<composed_tests, shipped>(p, mpmc, s, o);
}

}  // namespace runnel::check::on_graphs
