// SPDX-License-Identifier: MIT
#pragma once

#include "report.hpp"
#include "worker.hpp"

#include <check.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace runnel::cli {

using workers = std::vector<std::unique_ptr<worker>>;

struct run_options {
  std::size_t jobs = 1;
  double timeout = 0;  ///< seconds for each scenario; 0: no limit
  check::options check;
  std::function<void(const report&)> finished;        ///< called for each scenario
  std::function<void(const workers&)> still_running;  ///< called now and then
  std::function<bool()> enough;                       ///< whether no more scenarios are to start
};

/// Runs the scenarios, so many at a time, until all are done or a signal is noted (an `interrupt`
/// must be alive). The reports are in the order of the scenarios. Throws std::invalid_argument if
/// a check refuses its options.
std::vector<report> run_checks(const std::vector<check::scenario>& selected,
                               const run_options& options);

}  // namespace runnel::cli
