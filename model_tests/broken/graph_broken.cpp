// SPDX-License-Identifier: MIT
#include "mistaken_runs.hpp"
#include "runs/graph_tests.hpp"

namespace runnel::check {

template struct mistaken_on<engine::explorer>;

}  // namespace runnel::check
