// SPDX-License-Identifier: MIT
#include "thread_tests.hpp"

namespace runnel::check::on_threads {

result queue(const queue_program& p, const search& s, const options& o) {
  return run_queue<thread_tests>(p, s, o);
}

}  // namespace runnel::check::on_threads
