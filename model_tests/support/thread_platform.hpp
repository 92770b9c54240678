// SPDX-License-Identifier: MIT
//
// The platform that ships, std_platform, with what a test asks of a platform besides. The atomics,
// the cells, the spinning and the sleeping are those of std_platform.
//
// Happens-before between calls is what real time says: a call that has returned before another one
// begins happens-before it, since a response releases the counter that an invocation acquires. So
// nothing but calls that do not overlap is ordered for ThreadSanitizer: whoever ends up with a value
// must have synchronized through the channel.
#pragma once

#include "check.hpp"
#include "recorder.hpp"

#include <runnel/core/std_platform.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace runnel::check {

struct thread_platform : core::std_platform {
  static void* allocate(std::size_t bytes, std::size_t alignment) {
    void* const p = std_platform::allocate(bytes, alignment);
    allocated.fetch_add(1, std::memory_order::relaxed);
    return p;
  }
  static void deallocate(void* p, std::size_t bytes, std::size_t alignment) noexcept {
    if (p != nullptr) allocated.fetch_sub(1, std::memory_order::relaxed);
    std_platform::deallocate(p, bytes, alignment);
  }

  /// The thread stays where it is for ever.
  [[noreturn]] static void fail(std::string_view kind, std::string_view message);
  static bool recording() { return false; }
  static void note(std::string_view text);

  static void enters(const char* call);
  static void leaves();
  /// Up to a tenth of a millisecond, so that some end before, some after what they wait for.
  static std::chrono::nanoseconds a_while();
  /// The index of the calling thread.
  static unsigned index();

  static inline std::atomic<std::int64_t> allocated{0};
};

template <>
class timeline<thread_platform> {
 public:
  struct point {
    check::moment moment;
    std::uint64_t position = spec::never;
  };

  std::size_t next_call() { return calls_.fetch_add(1, std::memory_order::relaxed); }
  [[nodiscard]] std::size_t calls() const { return calls_.load(std::memory_order::relaxed); }
  point invoked() { return at(positions_.fetch_add(1, std::memory_order::acquire)); }
  point responded() { return at(positions_.fetch_add(1, std::memory_order::release)); }

 private:
  static point at(std::uint64_t position) {
    point p{{}, position};
    p.moment.thread = thread_platform::index();
    p.moment.clock.fill(position);
    return p;
  }

  std::atomic<std::size_t> calls_{0};
  std::atomic<std::uint64_t> positions_{0};
};

}  // namespace runnel::check
