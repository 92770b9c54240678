// SPDX-License-Identifier: MIT
#pragma once

#include "runs.hpp"

#include "support/relacy_engine.hpp"

namespace runnel::check {

template <>
struct runner<engine::relacy> {
  template <template <class> class Test, class Config>
  static result run(const Config& config, const search& s, const options& o) {
    return run_on_relacy<Test>(config, s, o);
  }
};

}  // namespace runnel::check
