// SPDX-License-Identifier: MIT
#pragma once

#include "engine_runs.hpp"
#include "runs.hpp"

#include "support/graph_engine.hpp"

namespace runnel::check {

template <class Platform>
struct tests_on_graphs {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_graphs<Platform, Test>(config, s, o);
  }
};

using graph_tests = tests_on_graphs<graph_platform>;
using composed_tests = tests_on_graphs<composed_platform>;

}  // namespace runnel::check
