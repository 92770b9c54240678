// SPDX-License-Identifier: MIT
//
// The global allocation functions of the memory tests: they count, and fail when they are told to.
#pragma once

#include <atomic>

namespace heap {

/// Allocations by all threads that have not been freed, and the bytes they take.
inline std::atomic<long> live{0};
inline std::atomic<long> live_bytes{0};

/// Allocations by this thread so far, and the bytes that were asked for.
inline constinit thread_local long made = 0;
inline constinit thread_local long made_bytes = 0;

/// How many allocations of this thread succeed until one fails; negative: all do.
inline constinit thread_local long until_failure = -1;
/// Whether those after the one that fails fail too.
inline constinit thread_local bool goes_on_failing = false;

/// While it lives, this thread's allocations fail after the first n.
class failing {
 public:
  explicit failing(long n) {
    until_failure = n;
    goes_on_failing = true;
  }
  ~failing() { until_failure = -1; }
  failing(const failing&) = delete;
  failing& operator=(const failing&) = delete;
};

/// While it lives, one of this thread's allocations fails, the one after the first n.
class failing_once {
 public:
  explicit failing_once(long n) {
    until_failure = n;
    goes_on_failing = false;
  }
  ~failing_once() { until_failure = -1; }
  failing_once(const failing_once&) = delete;
  failing_once& operator=(const failing_once&) = delete;
};

}  // namespace heap
