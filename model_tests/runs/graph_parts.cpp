// SPDX-License-Identifier: MIT
#include "graph_tests.hpp"

namespace runnel::check::on_graphs {

result waiting(const waiting_program& p, const search& s, const options& o) {
  // With the shipped mutex and signal, two threads are as many as can be explored.
  return p.threads.size() == 2 ? run_waiting<graph_tests>(p, s, o)
                               : run_waiting<composed_tests>(p, s, o);
}
result counting(const counting_program& p, unsigned threads, const search& s, const options& o) {
  return run_counting<graph_tests>(p, threads, s, o);
}
result mutex(const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return run_mutex<graph_tests>(p, threads, s, o);
}
result parcel(const parcel_program& p, const search& s, const options& o) {
  return run_parcel<composed_tests>(p, s, o);
}

}  // namespace runnel::check::on_graphs
