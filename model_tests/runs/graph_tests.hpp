// SPDX-License-Identifier: MIT
#pragma once

#include "engine_runs.hpp"
#include "runs.hpp"

#include "support/graph_engine.hpp"

namespace runnel::check {

struct graph_tests {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_graphs<Test>(config, s, o);
  }
};

}  // namespace runnel::check
