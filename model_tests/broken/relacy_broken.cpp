// SPDX-License-Identifier: MIT
#include "mistaken_runs.hpp"
#include "runs/relacy_tests.hpp"

namespace runnel::check {

template struct mistaken_on<engine::relacy>;

}  // namespace runnel::check
