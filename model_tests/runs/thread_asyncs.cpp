// SPDX-License-Identifier: MIT
#include "async_runs.hpp"
#include "thread_tests.hpp"

namespace runnel::check {

template result tests_on<engine::threads>::run(const async_program&, bool mpmc, const search&,
                                               const options&);

}  // namespace runnel::check
