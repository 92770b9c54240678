// SPDX-License-Identifier: MIT
#include "fiber_tests.hpp"

namespace runnel::check::on_fiber {

result program(const check::program& p, bool mpmc, const search& s, const options& o) {
  return run_program<fiber_tests, shipped>(p, mpmc, s, o);
}

}  // namespace runnel::check::on_fiber
