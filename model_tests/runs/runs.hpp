// SPDX-License-Identifier: MIT
//
// From a scenario's data to the instantiation of a test that runs it, for any engine.
#pragma once

#include "tests_on.hpp"

#include "support/parcel_test.hpp"
#include "support/part_tests.hpp"
#include "support/program_test.hpp"
#include "support/select_test.hpp"

#include <runnel/core/channel.hpp>

#include <stdexcept>

namespace runnel::check {

template <class P, class Geometry>
using shipped = core::shipped_parts<P, Geometry>;

/// Has a function `run<Test>(config, search, options)`.
template <engine E>
struct runner;
/// The same with simpler parts of the waiting mechanism, where the engine has them.
template <engine E>
struct composed_runner : runner<E> {};

[[noreturn]] inline void no_such_test(const char* what) {
  throw std::invalid_argument(std::string("no test is compiled for ") + what);
}

template <class Runner, template <class, class> class Parts, unsigned Threads, bool Mpmc>
result run_program(const program& p, const search& s, const options& o) {
  if (p.block_length == 1)
    return Runner::template run<program_test<Parts, Threads, Mpmc, 1>::template on>(p, s, o);
  return Runner::template run<program_test<Parts, Threads, Mpmc, 2>::template on>(p, s, o);
}

template <class Runner, template <class, class> class Parts>
result run_program(const program& p, bool mpmc, const search& s, const options& o) {
  if (p.threads.size() == 2 && !mpmc) return run_program<Runner, Parts, 2, false>(p, s, o);
  if (p.threads.size() == 2 && (p.block_length == 1 || p.capacity))
    return Runner::template run<program_test<Parts, 2, true, 1>::template on>(p, s, o);
  if (p.threads.size() == 3 && !mpmc) return run_program<Runner, Parts, 3, false>(p, s, o);
  if (p.threads.size() == 3) return run_program<Runner, Parts, 3, true>(p, s, o);
  no_such_test("programs of so many threads and such blocks");
}

template <engine E>
result tests_on<E>::run(const program& p, bool mpmc, const search& s, const options& o) {
  if (p.all_shipped) {
    if (p.threads.size() != 2 || mpmc) no_such_test("all that ships in more than two threads");
    return runner<E>::template run<program_test<shipped, 2, false, 2>::template on>(p, s, o);
  }
  if constexpr (E == engine::explorer) {
    using run_on = composed_runner<E>;
    if (p.threads.size() == 4 && p.block_length == 2 && !mpmc)
      return run_on::template run<program_test<shipped, 4, false, 2>::template on>(p, s, o);
    if (p.threads.size() == 4 && p.block_length == 2)
      return run_on::template run<program_test<shipped, 4, true, 2>::template on>(p, s, o);
  }
  return run_program<composed_runner<E>, shipped>(p, mpmc, s, o);
}

template <class Runner, unsigned Threads, queue_kind Kind>
result run_queue(const queue_program& p, const search& s, const options& o) {
  if constexpr (Kind != queue_kind::ring) {
    if (p.block_length == 2)
      return Runner::template run<queue_test<shipped, Threads, Kind, 2>::template on>(p, s, o);
  }
  return Runner::template run<queue_test<shipped, Threads, Kind, 1>::template on>(p, s, o);
}

template <class Runner, unsigned Threads>
result run_queue(const queue_program& p, const search& s, const options& o) {
  if (p.capacity) return run_queue<Runner, Threads, queue_kind::ring>(p, s, o);
  if (!p.sole_receiver) return run_queue<Runner, Threads, queue_kind::list>(p, s, o);
  return run_queue<Runner, Threads, queue_kind::sole_list>(p, s, o);
}

template <engine E>
result tests_on<E>::run(const queue_program& p, const search& s, const options& o) {
  switch (p.threads.size()) {
    case 2: return run_queue<runner<E>, 2>(p, s, o);
    case 3: return run_queue<runner<E>, 3>(p, s, o);
    case 4: return run_queue<runner<E>, 4>(p, s, o);
    default: no_such_test("queues with so many threads");
  }
}

template <engine E>
result tests_on<E>::run(const waiting_program& p, const search& s, const options& o) {
  switch (p.threads.size()) {
    case 2: return runner<E>::template run<waiting_test<shipped, 2>::template on>(p, s, o);
    // With the shipped mutex and signal, the explorer does not get to the end of more.
    case 3: return composed_runner<E>::template run<waiting_test<shipped, 3>::template on>(p, s, o);
    case 4: return composed_runner<E>::template run<waiting_test<shipped, 4>::template on>(p, s, o);
    default: no_such_test("so many waiting threads");
  }
}

template <engine E>
result tests_on<E>::run(const order_program& p, const search& s, const options& o) {
  return runner<E>::template run<order_test<shipped>::template on>(p, s, o);
}

template <engine E>
result tests_on<E>::run(const counting_program& p, unsigned threads, const search& s,
                        const options& o) {
  if (threads == 2) return runner<E>::template run<counting_test<shipped, 2>::template on>(p, s, o);
  if (threads == 3) return runner<E>::template run<counting_test<shipped, 3>::template on>(p, s, o);
  no_such_test("so many threads that count");
}

template <engine E>
result tests_on<E>::run(const mutex_program& p, unsigned threads, const search& s,
                        const options& o) {
  if (threads == 2) return runner<E>::template run<mutex_test<2>::template on>(p, s, o);
  if (threads == 3) return runner<E>::template run<mutex_test<3>::template on>(p, s, o);
  no_such_test("so many threads with a mutex");
}

template <class Runner, template <class, class> class Parts>
result run_select(const select_program& p, bool mpmc, const search& s, const options& o) {
  if (p.threads.size() == 2 && mpmc)
    return Runner::template run<select_test<Parts, 2, true>::template on>(p, s, o);
  if (p.threads.size() == 2)
    return Runner::template run<select_test<Parts, 2, false>::template on>(p, s, o);
  if (p.threads.size() == 3 && mpmc)
    return Runner::template run<select_test<Parts, 3, true>::template on>(p, s, o);
  if (p.threads.size() == 3)
    return Runner::template run<select_test<Parts, 3, false>::template on>(p, s, o);
  if (p.threads.size() == 4 && mpmc)
    return Runner::template run<select_test<Parts, 4, true>::template on>(p, s, o);
  no_such_test("selects in so many threads");
}

template <engine E>
result tests_on<E>::run(const select_program& p, bool mpmc, const search& s, const options& o) {
  return run_select<composed_runner<E>, shipped>(p, mpmc, s, o);
}

template <engine E>
result tests_on<E>::run(const parcel_program& p, const search& s, const options& o) {
  if (p.mpmc) return composed_runner<E>::template run<parcel_test<shipped, true>::on>(p, s, o);
  return composed_runner<E>::template run<parcel_test<shipped, false>::on>(p, s, o);
}

}  // namespace runnel::check
