// SPDX-License-Identifier: MIT
#pragma once

#include "runs.hpp"

#include "support/graph_engine.hpp"

namespace runnel::check {

template <class Platform>
struct runner_on_graphs {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_graphs<Platform, Test>(config, s, o);
  }
};

template <>
struct runner<engine::explorer> : runner_on_graphs<graph_platform> {};
template <>
struct composed_runner<engine::explorer> : runner_on_graphs<composed_platform> {};

}  // namespace runnel::check
