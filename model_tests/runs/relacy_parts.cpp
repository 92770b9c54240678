// SPDX-License-Identifier: MIT
#include "relacy_tests.hpp"

namespace runnel::check::on_relacy {

result waiting(const waiting_program& p, const search& s, const options& o) {
  return run_waiting<relacy_tests>(p, s, o);
}
result counting(const counting_program& p, unsigned threads, const search& s, const options& o) {
  return run_counting<relacy_tests>(p, threads, s, o);
}
result mutex(const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return run_mutex<relacy_tests>(p, threads, s, o);
}
result parcel(const parcel_program& p, const search& s, const options& o) {
  return run_parcel<relacy_tests>(p, s, o);
}

}  // namespace runnel::check::on_relacy
