// SPDX-License-Identifier: MIT
#pragma once

#include "broken_channels.hpp"
#include "mailbox_test.hpp"
#include "mistaken_on.hpp"
#include "runs/runs.hpp"

namespace runnel::check {

template <engine E>
result mistaken_on<E>::run(const program& p, bool mpmc, const search& s, const options& o) {
  using run_on = composed_runner<E>;
  if constexpr (E == engine::explorer) {
    return run_program<run_on, mistaken_parts>(p, mpmc, s, o);  // also generated ones
  } else {
    if (p.threads.size() == 2 && !mpmc)
      return run_program<run_on, mistaken_parts, 2, false>(p, s, o);
    if (p.threads.size() == 3 && mpmc) return run_program<run_on, mistaken_parts, 3, true>(p, s, o);
    no_such_test("mistaken programs of so many threads");
  }
}

template <engine E>
result mistaken_on<E>::run(const queue_program& p, const search& s, const options& o) {
  using test = queue_test<mistaken_parts, 2, queue_kind::ring, 1>;
  return composed_runner<E>::template run<test::template on>(p, s, o);
}

template <engine E>
result mistaken_on<E>::run(const waiting_program& p, const search& s, const options& o) {
  if (p.threads.size() != 3) no_such_test("mistaken waiting of so many threads");
  return composed_runner<E>::template run<waiting_test<mistaken_parts, 3>::template on>(p, s, o);
}

template <engine E>
result mistaken_on<E>::run(const order_program& p, const search& s, const options& o) {
  return composed_runner<E>::template run<order_test<mistaken_parts>::template on>(p, s, o);
}

template <engine E>
result mistaken_on<E>::run(const counting_program& p, const search& s, const options& o) {
  return composed_runner<E>::template run<counting_test<mistaken_parts, 2>::template on>(p, s, o);
}

template <engine E>
result mistaken_on<E>::run([[maybe_unused]] const select_program& p, const search& s,
                           const options& o) {
  if constexpr (E == engine::threads)
    no_such_test("mistaken selects on real threads");
  else
    return run_select<composed_runner<E>, mistaken_parts>(p, true, s, o);
}

template <engine E>
result mistaken_on<E>::run([[maybe_unused]] const mailbox_program& p, const search& s,
                           const options& o) {
  if constexpr (E == engine::threads)
    no_such_test("the mailbox on real threads");
  else
    return runner<E>::template run<mailbox_test>(p, s, o);
}

}  // namespace runnel::check
