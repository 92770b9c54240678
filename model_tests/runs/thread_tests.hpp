// SPDX-License-Identifier: MIT
#pragma once

#include "runs.hpp"

#include "support/thread_engine.hpp"

namespace runnel::check {

template <>
struct runner<engine::threads> {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_threads<Test>(config, s, o);
  }
};

}  // namespace runnel::check
