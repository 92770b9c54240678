// SPDX-License-Identifier: MIT
//
// As runs.hpp, for programs with coroutines.
#pragma once

#include "runs.hpp"

#include "support/async_test.hpp"

namespace runnel::check {

template <class Runner, template <class, class> class Parts>
result run_async(const async_program& p, bool mpmc, const search& s, const options& o) {
  if (p.threads.size() == 2 && !mpmc)
    return Runner::template run<async_test<Parts, 2, false>::template on>(p, s, o);
  if (p.threads.size() == 3 && mpmc)
    return Runner::template run<async_test<Parts, 3, true>::template on>(p, s, o);
  if (p.threads.size() == 3)
    return Runner::template run<async_test<Parts, 3, false>::template on>(p, s, o);
  no_such_test("coroutines in so many threads");
}

template <engine E>
result tests_on<E>::run(const async_program& p, bool mpmc, const search& s, const options& o) {
  return run_async<composed_runner<E>, shipped>(p, mpmc, s, o);
}

}  // namespace runnel::check
