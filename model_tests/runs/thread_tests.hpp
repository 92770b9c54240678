// SPDX-License-Identifier: MIT
#pragma once

#include "engine_runs.hpp"
#include "runs.hpp"

#include "support/thread_engine.hpp"

namespace runnel::check {

struct thread_tests {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_threads<Test>(config, s, o);
  }
};

}  // namespace runnel::check
