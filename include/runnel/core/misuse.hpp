// SPDX-License-Identifier: MIT
//
// What happens at a contract violation that a debug build has detected, and at a number that is too
// large; and how debug builds find two threads in one receiver.
#pragma once

#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace runnel::core {

/// Says what was wrong on standard error and ends the program.
[[noreturn]] inline void report_misuse(const char* what) noexcept {
  std::fprintf(stderr, "runnel: contract violation: %s\n", what);
  std::abort();
}

/// The same, for a receiver that only one thread at a time may use.
[[noreturn]] inline void report_shared_receiver() noexcept {
  core::report_misuse(
      "one mpsc receiver was used by two threads at once, or by a message that it was receiving");
}

/// The same, for a selector.
[[noreturn]] inline void report_shared_selector() noexcept {
  core::report_misuse(
      "one selector was used by two threads at once, or by a message that it received");
}

/// Throws std::length_error; without exceptions, says so on standard error and ends the program.
[[noreturn]] inline void throw_length_error(const char* what) {
#ifdef __cpp_exceptions
  throw std::length_error(what);
#else
  std::fprintf(stderr, "%s\n", what);
  std::abort();
#endif
}

/// Where the receives of a sole receiver say that they are in progress. It lies in the channel, in a
/// cache line that nobody else uses. A handle would be the wrong place: operations only read it, so it
/// may lie beside what other threads read all the time, such as the other side's handle.
///
///   call_        meaning
///   null         no receive is in progress
///   an address   that of the guard of the receive in progress, or of the select that waits to receive,
///                which may do so through several guards
///
/// Plain loads and stores cost next to nothing. Two receives that begin at the same moment may both
/// find nobody: then one finds at its end that it is not the one in progress, and two that wait find
/// each other among the waiters.
template <class P, void (*Report)() noexcept = report_shared_receiver>
class alignas(cache_line) sole_use {
 public:
  class guard {
   public:
    explicit guard(sole_use& use) noexcept : use_(use) { enter(this); }
    /// In the name of a select.
    guard(sole_use& use, const void* of) noexcept : use_(use) { enter(of); }
    ~guard() {
      if constexpr (P::checks_misuse) {
        if (of_ == nullptr) return;
        // misuse.see_own: needs nothing
        // As misuse.see_idle.
        if (use_.call_.load(at<"misuse.see_own">(relaxed)) != of_) Report();
        // misuse.leave: needs nothing
        // As misuse.see_idle.
        use_.call_.store(nullptr, at<"misuse.leave">(relaxed));
      }
    }
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;

   private:
    /// Without the detector nothing may keep an address: GCC then leaves the guard in memory, and a receive
    /// takes four instructions more.
    void enter([[maybe_unused]] const void* of) noexcept {
      if constexpr (P::checks_misuse) {
        // misuse.see_idle: needs nothing
        // Relaxed, as all four: a detector must not add an edge that hides what it is to detect.
        const void* const before = use_.call_.load(at<"misuse.see_idle">(relaxed));
        if (before != nullptr && before != of) Report();
        if (before == nullptr) of_ = of;
        // misuse.enter: needs nothing
        // As misuse.see_idle.
        use_.call_.store(of, at<"misuse.enter">(relaxed));
      }
    }

    sole_use& use_;
    const void* of_ = nullptr;  // null: another guard of the same select leaves
  };

 private:
  typename P::template atomic<const void*> call_{nullptr};
};

/// In its place where there may be many receivers, and in models.
struct shared_use {
  class guard {
   public:
    explicit guard(shared_use&) noexcept {}
    guard(shared_use&, const void*) noexcept {}
  };
};

}  // namespace runnel::core
