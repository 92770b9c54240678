// SPDX-License-Identifier: MIT
#include "fiber_tests.hpp"

namespace runnel::check::on_fiber {

result waiting(const waiting_program& p, const search& s, const options& o) {
  return run_waiting<fiber_tests>(p, s, o);
}
result counting(const counting_program& p, unsigned threads, const search& s, const options& o) {
  return run_counting<fiber_tests>(p, threads, s, o);
}
result mutex(const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return run_mutex<fiber_tests>(p, threads, s, o);
}
result parcel(const parcel_program& p, const search& s, const options& o) {
  return fiber_tests::run<parcel_test<shipped>::on>(p, s, o);
}

}  // namespace runnel::check::on_fiber
