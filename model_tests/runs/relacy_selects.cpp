// SPDX-License-Identifier: MIT
#include "relacy_tests.hpp"

namespace runnel::check {

template result tests_on<engine::relacy>::run(const select_program&, bool mpmc, const search&,
                                              const options&);

}  // namespace runnel::check
