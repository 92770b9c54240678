// SPDX-License-Identifier: MIT
//
// The mutexes of oneTBB that are in its headers. (Its containers call its shared library, which is refused.)
#include "corpus.hpp"

#include <oneapi/tbb/queuing_mutex.h>
#include <oneapi/tbb/spin_mutex.h>
#include <oneapi/tbb/spin_rw_mutex.h>

namespace {

using corpus::demand;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_TBB;

template <class Mutex>
void count_under() {
  Mutex mutex;
  int count = 0;
  const auto add = [&] {
    const typename Mutex::scoped_lock lock(mutex);
    ++count;
  };
  in_threads(add, add);
  demand(count == 2, "nothing is lost");
}

TEST(Tbb, ASpinMutexExcludes) {
  passes({library, "a spin_mutex excludes", count_under<tbb::spin_mutex>}, {12, 12});
}

TEST(Tbb, AReaderWriterMutexExcludesWriters) {
  passes({library, "a spin_rw_mutex excludes writers", count_under<tbb::spin_rw_mutex>}, {28, 28});
}

TEST(Tbb, AReaderWriterMutexExcludesReadersFromWriters) {
  passes({library, "a spin_rw_mutex excludes a reader while one writes",
          [] {
            tbb::spin_rw_mutex mutex;
            int a = 0;
            int b = 0;
            in_threads(
                [&] {
                  const tbb::spin_rw_mutex::scoped_lock lock(mutex, true);
                  a = 1;
                  b = 1;
                },
                [&] {
                  const tbb::spin_rw_mutex::scoped_lock lock(mutex, false);
                  demand(a == b, "it sees both or none");
                });
          }},
         {27, 27});
}

TEST(Tbb, AQueueOfThreadsExcludes) {
  passes({library, "a queuing_mutex excludes", count_under<tbb::queuing_mutex>}, {86, 86});
}

}  // namespace
