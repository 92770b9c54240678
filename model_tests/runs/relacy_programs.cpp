// SPDX-License-Identifier: MIT
#include "relacy_tests.hpp"

namespace runnel::check::on_relacy {

result program(const check::program& p, bool mpmc, const search& s, const options& o) {
  return run_program<relacy_tests, shipped>(p, mpmc, s, o);
}

}  // namespace runnel::check::on_relacy
