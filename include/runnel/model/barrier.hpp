// SPDX-License-Identifier: MIT
//
// A barrier for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace runnel::model {

/// The completion function of a barrier that has none.
struct no_completion {
  void operator()() const noexcept {}
};

/// In place of std::barrier. Who arrives last runs the completion function. All arrivals of a phase happen
/// before that, which happens before the end of each wait for the phase; to arrive gives nothing to
/// who does and is not the last. Completions happen one after the other. It is a failure that more
/// arrive than are expected, also while a phase is being completed, and to wait for a phase before the
/// preceding one.
template <class CompletionFunction = no_completion>
class barrier {
  static_assert(std::is_nothrow_invocable_v<CompletionFunction&>,
                "a completion function is called without arguments and throws nothing");
  using order = std::memory_order;

 public:
  class arrival_token {
   public:
    arrival_token(arrival_token&&) noexcept = default;
    arrival_token& operator=(arrival_token&&) noexcept = default;
    arrival_token(const arrival_token&) = delete;
    arrival_token& operator=(const arrival_token&) = delete;
    ~arrival_token() = default;

   private:
    friend class barrier;
    explicit arrival_token(std::uint64_t phase) : phase_(phase) {}
    std::uint64_t phase_;
  };

  static constexpr std::ptrdiff_t(max)() noexcept { return most; }

  explicit barrier(std::ptrdiff_t expected, CompletionFunction f = CompletionFunction())
      : arrivals_(first_phase(expected)), completed_(0), completion_(std::move(f)) {}
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;
  ~barrier() = default;

  [[nodiscard]] arrival_token arrive(std::ptrdiff_t n = 1) {
    if (n < 1 || n > (max)()) fail("assertion", std::to_string(n) + " arrive at a barrier at once");
    return arrive(static_cast<std::uint64_t>(n), "barrier arrive");
  }
  void wait(arrival_token&& arrival) const {
    const std::uint64_t phase = arrival.phase_;
    if (completed_.newest_known() > phase + 1)
      fail("assertion", "a thread waits for a phase of a barrier before the preceding one");
    (void)completed_.await([phase](std::uint64_t completed) { return completed > phase; },
                           order::acquire, "barrier wait");
  }
  void arrive_and_wait() { wait(arrive()); }
  void arrive_and_drop() { (void)arrive(1 + one_expected, "barrier arrive_and_drop"); }

 private:
  // How many are still to arrive, how many are expected in the next phase, and the phase.
  static constexpr std::ptrdiff_t most = 0xFFFF;
  static constexpr std::uint64_t one_expected = std::uint64_t{1} << 16U;
  static constexpr std::uint64_t one_phase = std::uint64_t{1} << 32U;

  static std::uint64_t missing(std::uint64_t arrivals) { return arrivals % one_expected; }
  static std::uint64_t expected(std::uint64_t arrivals) {
    return arrivals % one_phase / one_expected;
  }
  static std::uint64_t state(std::uint64_t phase, std::uint64_t expected) {
    return phase * one_phase + expected * one_expected + expected;
  }
  static std::uint64_t first_phase(std::ptrdiff_t expected) {
    if (expected < 0 || expected > (max)())
      fail("assertion", "a barrier expects " + std::to_string(expected));
    return state(0, static_cast<std::uint64_t>(expected));
  }

  arrival_token arrive(std::uint64_t who, const char* name) {
    const operation subtracts{
        .kind = operation_kind::subtract, .order = order::release, .operand = who};
    const std::uint64_t before = arrivals_.modify(subtracts, name).value;
    if (missing(who) > missing(before))
      fail("assertion", std::to_string(missing(who)) + " arrive at a barrier when " +
                            std::to_string(missing(before)) + " are expected");
    const std::uint64_t phase = before / one_phase;
    if (missing(who) == missing(before)) complete(phase, expected(before - who));
    return arrival_token(phase);
  }
  void complete(std::uint64_t phase, std::uint64_t expected_next) {
    // Nobody else arrives now: this is what the last one has left, and happens after all of them.
    const std::uint64_t left = arrivals_.load(order::acquire, "barrier completion");
    completion_();
    // Not stores: a thread that has not waited may arrive next, and orders nothing by that.
    const operation begins{.kind = operation_kind::add,
                           .operand = state(phase + 1, expected_next) - left};
    const operation advances{.kind = operation_kind::compare,
                             .order = order::release,
                             .operand = phase + 1,
                             .expected = phase};
    (void)arrivals_.modify(begins, "barrier completion");
    (void)completed_.await(advances, "barrier completion");
  }

  word arrivals_;
  word completed_;  // apart: a wait must not happen after an arrival in the phase that follows
  CompletionFunction completion_;
};

}  // namespace runnel::model
