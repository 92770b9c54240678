// SPDX-License-Identifier: MIT
#include "mistaken_runs.hpp"
#include "runs/thread_tests.hpp"

namespace runnel::check {

template struct mistaken_on<engine::threads>;

}  // namespace runnel::check
