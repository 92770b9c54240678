// SPDX-License-Identifier: MIT
//
// The model platform of the explorer (include/runnel/model): every operation of the seam is an event
// of an execution graph of RC11.
//
// Timeouts are choices. So are, as often as `faults` of a check allow, weak compare-exchanges that
// fail and waits that end without a reason, and allocations that fail. And in a reduced search the looks that
// decide nothing.
#pragma once

#include "attempts.hpp"
#include "check.hpp"
#include "no_polling.hpp"
#include "site_marks.hpp"

#include <runnel/core/std_platform.hpp>
#include <runnel/model/atomic.hpp>
#include <runnel/model/cell.hpp>
#include <runnel/model/runtime.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace runnel::check {

struct graph_platform : no_time {
  static constexpr bool is_model = true;
  static constexpr bool checks_misuse = false;

  template <class T>
  class atomic {
   public:
    explicit atomic(T value) noexcept : self_(model::object_kind::atomic, model::to_bits(value)) {}

    template <core::site_name N>
    T load(core::at<N> site) const noexcept {
      if constexpr (begins_or_looks(role_of_site(N.view()))) {
        if (attempt::is_reduced()) return model::from_bits<T>(load_in_attempt(site));
      }
      return model::from_bits<T>(model::load(self_, order_of(site), place_of<N>()));
    }
    template <core::site_name N>
    void store(T value, core::at<N> site) noexcept {
      model::store(self_, model::to_bits(operand_of(site, value)), order_of(site), place_of<N>());
    }
    template <core::site_name N>
    T exchange(T value, core::at<N> site) noexcept {
      return modify(model::operation_kind::exchange, operand_of(site, value), site);
    }
    template <core::site_name N>
    bool compare_exchange_weak(T& expected, T value, core::at<N> site) noexcept {
      const model::operation op = comparison(expected, value, site);
      if constexpr (role_of_site(N.view()) == site_role::claim) {
        if (current_reductions().has(reduction::retries) &&
            attempt::of_this_thread().has_no_effect()) {
          await_equal(op, place_of<N>(), model::waiting::is_assumed);
          return true;
        }
      }
      return compared(expected, model::modify_weakly(self_, op, place_of<N>()));
    }
    template <core::site_name N>
    bool compare_exchange_strong(T& expected, T value, core::at<N> site) noexcept {
      const model::operation op = comparison(expected, value, site);
      return compared(expected, model::modify(self_, op, place_of<N>()));
    }
    template <core::site_name N>
    T fetch_add(T value, core::at<N> site) noexcept {
      return modify(model::operation_kind::add, operand_of(site, value), site);
    }
    template <core::site_name N>
    T fetch_sub(T value, core::at<N> site) noexcept {
      if constexpr (role_of_site(N.view()) == site_role::drop) {
        const std::uint32_t turn = attempt::of_this_thread().take_turn();
        if (turn != 0) {
          const T rest = static_cast<T>(turn - operand_of(site, value));
          await_equal(comparison(turn, rest, site), place_of<N>(), model::waiting::spins);
          return turn;
        }
      }
      return modify(model::operation_kind::subtract, operand_of(site, value), site);
    }
    template <core::site_name N>
    T fetch_or(T value, core::at<N> site) noexcept {
      return modify(model::operation_kind::bit_or, value, site);
    }

    /// A compare-exchange that waits until it can succeed.
    template <core::site_name N>
    void await_exchange(T expected, T value, core::at<N> site) noexcept {
      await_equal(comparison(expected, value, site), place_of<N>(), model::waiting::spins);
    }

   private:
    friend graph_platform;

    template <core::site_name N>
    static model::operation comparison(T expected, T value, core::at<N> site) {
      return {.kind = model::operation_kind::compare,
              .bytes = sizeof(T),
              .order = order_of(site),
              .failure = failure_order_of(site),
              .operand = model::to_bits(value),
              .expected = model::to_bits(expected)};
    }
    void await_equal(const model::operation& op, model::place where, model::waiting how) noexcept {
      const auto accepts = [e = op.expected](std::uint64_t v) { return v == e; };
      (void)model::await_modify(self_, op, model::acceptance(accepts), where, how);
    }
    static constexpr bool begins_or_looks(site_role r) {
      return r == site_role::begin || r == site_role::position || r == site_role::own ||
             r == site_role::stamp || r == site_role::look;
    }
    /// The bits of what a read of an attempt finds, in a reduced search.
    template <core::site_name N>
    std::uint64_t load_in_attempt(core::at<N> site) const noexcept {
      constexpr site_role role = role_of_site(N.view());
      constexpr wanted_stamp wanted = wanted_at(N.view());
      attempt& mine = attempt::of_this_thread();
      const bool guesses = current_reductions().has(reduction::guesses) && !mine.holds_mutex();
      if constexpr (role == site_role::begin) mine.begin();
      if constexpr (role == site_role::position || role == site_role::look) {
        if (!guesses)
          mine.begin();
        else if (mine.begins_in_vain(this))
          return role == site_role::look ? wanted.another : 0;
      }
      if constexpr (role == site_role::stamp) {
        if (guesses && mine.is_in_vain()) return wanted.another;
      }
      if constexpr (role == site_role::stamp || role == site_role::look) {
        if (guesses) {
          const auto accepts = [w = wanted.at(mine.position())](std::uint64_t v) { return v == w; };
          return model::await(self_, order_of(site), model::acceptance(accepts), place_of<N>(),
                              model::waiting::is_assumed);
        }
      }
      const std::uint64_t value = model::load(self_, order_of(site), place_of<N>());
      if constexpr (role == site_role::position) mine.come_to(value);
      if constexpr (role == site_role::own) mine.read_own();
      return value;
    }
    static bool compared(T& expected, const model::rmw_outcome& outcome) {
      if (!outcome.wrote) expected = model::from_bits<T>(outcome.value);
      return outcome.wrote;
    }
    template <core::site_name N>
    T modify(model::operation_kind kind, T value, core::at<N> site) noexcept {
      const model::rmw_outcome outcome = model::modify(self_,
                                                       {.kind = kind,
                                                        .bytes = sizeof(T),
                                                        .order = order_of(site),
                                                        .failure = core::relaxed,
                                                        .operand = model::to_bits(value),
                                                        .expected = 0},
                                                       place_of<N>());
      return model::from_bits<T>(outcome.value);
    }

    model::object self_;
  };

  template <core::site_name N>
  static void fence(core::at<N> site) noexcept {
    model::fence(order_of(site), place_of<N>());
  }

  /// Uninitialised storage for a T, as in std_platform; each access is checked for races.
  template <class T>
  using cell = model::cell<T>;

  /// Does not spin.
  template <class T, class Pred, core::site_name N>
  static T await(const atomic<T>& a, Pred pred, core::at<N> site,
                 model::waiting how = model::waiting::spins) noexcept {
    if constexpr (role_of_site(N.view()) == site_role::retry) {
      const attempt& mine = attempt::of_this_thread();
      if (current_reductions().has(reduction::retries) && mine.has_no_effect())
        model::repeats(a.self_, mine.begun(), place_of<N>());
    }
    const auto accepts = [&](std::uint64_t v) { return pred(model::from_bits<T>(v)); };
    return model::from_bits<T>(
        model::await(a.self_, order_of(site), model::acceptance(accepts), place_of<N>(), how));
  }

  static core::wait_result wait(const atomic<std::uint32_t>& word, std::uint32_t expected,
                                core::time_point deadline) noexcept {
    switch (model::wait(word.self_, &word, expected, deadline != core::never)) {
      case model::wait_outcome::woken: return core::wait_result::woken;
      case model::wait_outcome::timed_out: return core::wait_result::timed_out;
      case model::wait_outcome::changed: break;
    }
    return core::wait_result::changed;
  }
  static void wake(const atomic<std::uint32_t>* word, int n) noexcept { model::wake(word, n > 1); }

  static void* allocate(std::size_t bytes, std::size_t alignment) {
    void* const p = model::allocate(bytes, alignment);
    if (p == nullptr) throw std::bad_alloc();
    return p;
  }
  static void deallocate(void* p, std::size_t bytes, std::size_t alignment) noexcept {
    model::deallocate(p, bytes, alignment);
  }

  static unsigned choose(unsigned n) noexcept { return model::choose(n); }

  /// The next drop of a handle by the calling thread waits until so many are counted.
  static void await_turn(std::uint32_t handles) noexcept {
    attempt::of_this_thread().await_turn(handles);
  }

  [[noreturn]] static void fail(std::string_view kind, std::string_view message) {
    model::fail(kind, message);
  }
  static check::moment moment() {
    const model::moment now = model::now();
    check::moment m;
    m.thread = now.thread == 0 ? moment::outside : now.thread - 1;
    m.clock[moment::outside] = static_cast<std::uint64_t>(now.seen[0]);
    for (std::size_t t = 0; t < max_threads; ++t)
      m.clock[t] = static_cast<std::uint64_t>(now.seen[t + 1]);
    return m;
  }
  static bool recording() { return model::recording(); }
  static void note(std::string_view text) { model::note(text); }
  static void remark(std::string_view text) { model::remark(text); }

 private:
  template <core::site_name N>
  static model::place place_of() {
    mark_of<N>.set();
    return {N.text, 0};
  }
};

}  // namespace runnel::check
