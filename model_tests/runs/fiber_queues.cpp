// SPDX-License-Identifier: MIT
#include "fiber_tests.hpp"

namespace runnel::check::on_fiber {

result queue(const queue_program& p, const search& s, const options& o) {
  return run_queue<fiber_tests>(p, s, o);
}

}  // namespace runnel::check::on_fiber
