// SPDX-License-Identifier: MIT
#include "thread_tests.hpp"

namespace runnel::check::on_threads {

result waiting(const waiting_program& p, const search& s, const options& o) {
  return run_waiting<thread_tests>(p, s, o);
}
result counting(const counting_program& p, unsigned threads, const search& s, const options& o) {
  return run_counting<thread_tests>(p, threads, s, o);
}
result mutex(const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return run_mutex<thread_tests>(p, threads, s, o);
}
result parcel(const parcel_program& p, const search& s, const options& o) {
  return run_parcel<thread_tests>(p, s, o);
}

}  // namespace runnel::check::on_threads
