// SPDX-License-Identifier: MIT
#include "async_runs.hpp"
#include "graph_tests.hpp"

namespace runnel::check {

template result tests_on<engine::explorer>::run(const async_program&, bool mpmc, const search&,
                                                const options&);

}  // namespace runnel::check
