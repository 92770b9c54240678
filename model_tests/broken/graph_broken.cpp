// SPDX-License-Identifier: MIT
#include "broken_channels.hpp"
#include "mailbox_test.hpp"
#include "mistaken_runs.hpp"
#include "runs/graph_tests.hpp"

namespace runnel::check::on_graphs {

result mistaken(const check::program& p, const search& s, const options& o) {
  return mistaken(p, p.threads.size() == 3, s, o);
}
result mistaken(const check::program& p, bool mpmc, const search& s, const options& o) {
  return run_program<composed_tests, mistaken_parts>(p, mpmc, s, o);
}
result mistaken(const queue_program& p, const search& s, const options& o) {
  return composed_tests::run<queue_test<mistaken_parts, 2, queue_kind::ring, 1>::on>(p, s, o);
}
result mistaken(const waiting_program& p, const search& s, const options& o) {
  if (p.threads.size() != 3) no_such_test("mistaken waiting of so many threads");
  return composed_tests::run<waiting_test<mistaken_parts, 3>::on>(p, s, o);
}
result mistaken(const mailbox_program& p, const search& s, const options& o) {
  return graph_tests::run<mailbox_test>(p, s, o);
}

}  // namespace runnel::check::on_graphs
