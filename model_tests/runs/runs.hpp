// SPDX-License-Identifier: MIT
//
// From a scenario's data to the instantiation of a test that runs it, for any engine. An Engine
// has a function `run<Test>(config, search, options)`.
#pragma once

#include "support/parcel_test.hpp"
#include "support/part_tests.hpp"
#include "support/program_test.hpp"
#include "support/scenarios.hpp"

#include <runnel/core/channel.hpp>

#include <stdexcept>

namespace runnel::check {

template <class P, class Geometry>
using shipped = core::shipped_parts<P, Geometry>;

[[noreturn]] inline void no_such_test(const char* what) {
  throw std::invalid_argument(std::string("no test is compiled for ") + what);
}

template <class Engine, template <class, class> class Parts, unsigned Threads, bool Mpmc>
result run_program(const program& p, const search& s, const options& o) {
  if (p.block_length == 1)
    return Engine::template run<program_test<Parts, Threads, Mpmc, 1>::template on>(p, s, o);
  return Engine::template run<program_test<Parts, Threads, Mpmc, 2>::template on>(p, s, o);
}

template <class Engine, template <class, class> class Parts>
result run_program(const program& p, bool mpmc, const search& s, const options& o) {
  if (p.threads.size() == 2 && !mpmc) return run_program<Engine, Parts, 2, false>(p, s, o);
  if (p.threads.size() == 2 && (p.block_length == 1 || p.capacity))
    return Engine::template run<program_test<Parts, 2, true, 1>::template on>(p, s, o);
  if (p.threads.size() == 3 && !mpmc) return run_program<Engine, Parts, 3, false>(p, s, o);
  if (p.threads.size() == 3) return run_program<Engine, Parts, 3, true>(p, s, o);
  no_such_test("programs of so many threads and such blocks");
}

template <class Engine, unsigned Threads, queue_kind Kind>
result run_queue(const queue_program& p, const search& s, const options& o) {
  if constexpr (Kind != queue_kind::ring) {
    if (p.block_length == 2)
      return Engine::template run<queue_test<shipped, Threads, Kind, 2>::template on>(p, s, o);
  }
  return Engine::template run<queue_test<shipped, Threads, Kind, 1>::template on>(p, s, o);
}

template <class Engine, unsigned Threads>
result run_queue(const queue_program& p, const search& s, const options& o) {
  if (p.capacity) return run_queue<Engine, Threads, queue_kind::ring>(p, s, o);
  if (!p.sole_receiver) return run_queue<Engine, Threads, queue_kind::list>(p, s, o);
  return run_queue<Engine, Threads, queue_kind::sole_list>(p, s, o);
}

template <class Engine>
result run_queue(const queue_program& p, const search& s, const options& o) {
  switch (p.threads.size()) {
    case 2: return run_queue<Engine, 2>(p, s, o);
    case 3: return run_queue<Engine, 3>(p, s, o);
    case 4: return run_queue<Engine, 4>(p, s, o);
    default: no_such_test("queues with so many threads");
  }
}

template <class Engine>
result run_waiting(const waiting_program& p, const search& s, const options& o) {
  switch (p.threads.size()) {
    case 2: return Engine::template run<waiting_test<shipped, 2>::template on>(p, s, o);
    case 3: return Engine::template run<waiting_test<shipped, 3>::template on>(p, s, o);
    case 4: return Engine::template run<waiting_test<shipped, 4>::template on>(p, s, o);
    default: no_such_test("so many waiting threads");
  }
}

template <class Engine>
result run_counting(const counting_program& p, unsigned threads, const search& s,
                    const options& o) {
  if (threads == 2) return Engine::template run<counting_test<shipped, 2>::template on>(p, s, o);
  if (threads == 3) return Engine::template run<counting_test<shipped, 3>::template on>(p, s, o);
  no_such_test("so many threads that count");
}

template <class Engine>
result run_mutex(const mutex_program& p, unsigned threads, const search& s, const options& o) {
  if (threads == 2) return Engine::template run<mutex_test<2>::template on>(p, s, o);
  if (threads == 3) return Engine::template run<mutex_test<3>::template on>(p, s, o);
  no_such_test("so many threads with a mutex");
}

template <class Engine>
result run_parcel(const parcel_program& p, const search& s, const options& o) {
  if (p.mpmc) return Engine::template run<parcel_test<shipped, true>::on>(p, s, o);
  return Engine::template run<parcel_test<shipped, false>::on>(p, s, o);
}

}  // namespace runnel::check
