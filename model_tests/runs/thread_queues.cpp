// SPDX-License-Identifier: MIT
#include "thread_tests.hpp"

namespace runnel::check {

template result tests_on<engine::threads>::run(const queue_program&, const search&, const options&);

}  // namespace runnel::check
