// SPDX-License-Identifier: MIT
#include "thread_tests.hpp"

namespace runnel::check::on_threads {

result program(const check::program& p, bool mpmc, const search& s, const options& o) {
  return run_program<thread_tests, shipped>(p, mpmc, s, o);
}

}  // namespace runnel::check::on_threads
