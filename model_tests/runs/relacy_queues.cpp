// SPDX-License-Identifier: MIT
#include "relacy_tests.hpp"

namespace runnel::check::on_relacy {

result queue(const queue_program& p, const search& s, const options& o) {
  return run_queue<relacy_tests>(p, s, o);
}

}  // namespace runnel::check::on_relacy
