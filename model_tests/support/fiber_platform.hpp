// SPDX-License-Identifier: MIT
//
// A model platform that runs the threads of a test as fibers of one OS thread, on schedules drawn
// from a seed.
//
// Operations are interleaved: each is a scheduling point, takes effect at once, and a load sees the
// latest store. That is sequential consistency. So it finds errors of logic and lost wake-ups that
// some interleaving has; it does not find what only a weaker memory model allows, such as a load
// that sees an older store, or two threads that miss each other's flags. Of memory orders it shows
// only what happens-before depends on: a data race on a cell, an object used or freed without being
// ordered after its construction or its last use. And it samples: a pass proves nothing.
//
// Choices that are drawn: who runs next, whom a wake-up reaches, when a timeout comes, weak
// compare-exchanges that fail and waits that end without a reason (one in eight).
#pragma once

#include "check.hpp"
#include "fiber_run.hpp"

#include <runnel/core/std_platform.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace runnel::check {

struct fiber_platform {
  static constexpr bool is_model = true;
  static constexpr bool checks_misuse = false;

  template <class T>
  class atomic {
    static_assert(std::is_trivially_copyable_v<T>);

   public:
    explicit atomic(T value) noexcept : value_(value) {}

    template <core::site_name N>
    T load(core::at<N> site) const noexcept {
      fiber_run& run = fiber_run::current();
      run.step(N.view());
      return loaded(run, site);
    }
    template <core::site_name N>
    void store(T value, core::at<N> site) noexcept {
      fiber_run& run = fiber_run::current();
      run.step(N.view());
      const std::memory_order order = order_of(site);
      run.stored(self_, order);
      value_ = operand_of(site, value);
      run.record(N.view(), "store", [&] { return text(value_) + text(order); });
    }
    template <core::site_name N>
    T exchange(T value, core::at<N> site) noexcept {
      return modify(site, [v = operand_of(site, value)](T) { return v; });
    }
    template <core::site_name N>
    bool compare_exchange_weak(T& expected, T value, core::at<N> site) noexcept {
      fiber_run& run = fiber_run::current();
      run.step(N.view());
      if (value_ == expected && run.random().one_in(8)) return fails(run, expected, site);
      return compare_exchange(run, expected, value, site);
    }
    template <core::site_name N>
    bool compare_exchange_strong(T& expected, T value, core::at<N> site) noexcept {
      fiber_run& run = fiber_run::current();
      run.step(N.view());
      return compare_exchange(run, expected, value, site);
    }
    template <core::site_name N>
    T fetch_add(T value, core::at<N> site) noexcept {
      return modify(site, [v = operand_of(site, value)](T old) { return static_cast<T>(old + v); });
    }
    template <core::site_name N>
    T fetch_sub(T value, core::at<N> site) noexcept {
      return modify(site, [v = operand_of(site, value)](T old) { return static_cast<T>(old - v); });
    }
    template <core::site_name N>
    T fetch_or(T value, core::at<N> site) noexcept {
      return modify(site, [value](T old) { return static_cast<T>(old | value); });
    }

   private:
    friend fiber_platform;

    template <core::site_name N>
    T loaded(fiber_run& run, core::at<N> site) const noexcept {
      const std::memory_order order = order_of(site);
      run.loaded(self_, order);
      run.record(N.view(), "load", [&] { return text(value_) + text(order); });
      return value_;
    }
    template <core::site_name N, class F>
    T modify(core::at<N> site, F f) noexcept {
      fiber_run& run = fiber_run::current();
      run.step(N.view());
      return modified(run, f(value_), site);
    }
    template <core::site_name N>
    T modified(fiber_run& run, T value, core::at<N> site) noexcept {
      const std::memory_order order = order_of(site);
      run.modified(self_, order);
      const T old = std::exchange(value_, value);
      run.record(N.view(), "modify",
                 [&] { return text(old) + " to " + text(value) + text(order); });
      return old;
    }
    template <core::site_name N>
    bool compare_exchange(fiber_run& run, T& expected, T value, core::at<N> site) noexcept {
      if (value_ == expected) {
        modified(run, value, site);
        return true;
      }
      return fails(run, expected, site);
    }
    template <core::site_name N>
    bool fails(fiber_run& run, T& expected, core::at<N> site) noexcept {
      const std::memory_order order = failure_order_of(site);
      run.loaded(self_, order);
      run.record(N.view(), "fail",
                 [&] { return text(value_) + " for " + text(expected) + text(order); });
      expected = value_;
      return false;
    }

    fiber_object self_{fiber_object::type::atomic};
    T value_;
  };

  template <core::site_name N>
  static void fence(core::at<N> site) noexcept {
    fiber_run& run = fiber_run::current();
    run.step(N.view());
    const std::memory_order order = order_of(site);
    run.fenced(order);
    run.record(N.view(), "fence", [&] { return text(order).substr(2); });
  }

  template <class T>
  class cell {
   public:
    cell() noexcept {}
    cell(const cell&) = delete;
    cell& operator=(const cell&) = delete;
    ~cell() {}

    template <class... Args>
    void construct(Args&&... args) noexcept {
      const access a(self_, cell_access::construct);
      std::construct_at(std::addressof(value_), std::forward<Args>(args)...);
    }
    void destroy() noexcept {
      const access a(self_, cell_access::destroy);
      std::destroy_at(std::addressof(value_));
    }
    T take() noexcept {
      struct destroy_at_exit {
        cell& c;
        const access a{c.self_, cell_access::destroy};
        ~destroy_at_exit() { std::destroy_at(std::addressof(c.value_)); }
      } const guard{*this};
      return std::move(value_);
    }
    template <class F>
    decltype(auto) read(F&& f) const noexcept {
      const access a(self_, cell_access::read);
      return std::forward<F>(f)(value_);
    }
    template <class F>
    decltype(auto) write(F&& f) noexcept {
      const access a(self_, cell_access::write);
      return std::forward<F>(f)(value_);
    }

   private:
    /// From the begin of an access to its end.
    class access {
     public:
      access(const fiber_object& cell, cell_access kind) : cell_(cell), kind_(kind) {
        fiber_run::current().begin(cell_, kind_);
      }
      ~access() { fiber_run::current().end(cell_, kind_); }
      access(const access&) = delete;
      access& operator=(const access&) = delete;

     private:
      const fiber_object& cell_;
      const cell_access kind_;
    };

    // What a trivial type leaves behind is nothing that could leak.
    fiber_object self_{std::is_trivially_destructible_v<T> ? fiber_object::type::trivial_cell
                                                           : fiber_object::type::cell};
    union {
      T value_;
    };
  };

  /// Does not spin: the fiber is parked until somebody writes to `a`.
  template <class T, class Pred, core::site_name N>
  static T await(const atomic<T>& a, Pred pred, core::at<N> site) noexcept {
    for (;;) {
      const T value = a.load(site);
      if (pred(value)) return value;
      fiber_run::current().await_write(a.self_);
    }
  }

  template <class Pred>
  static bool poll(Pred) noexcept {
    return false;
  }

  static core::wait_result wait(const atomic<std::uint32_t>& word, std::uint32_t expected,
                                core::time_point deadline) noexcept {
    fiber_run& run = fiber_run::current();
    run.step();
    run.loaded(word.self_, core::relaxed);
    if (word.value_ != expected) {
      run.record("", "waits", [&] { return "not: the word is " + text(word.value_); });
      return core::wait_result::changed;
    }
    if (run.random().one_in(8)) return core::wait_result::woken;
    return run.sleep(word.self_, &word, deadline != core::never) ? core::wait_result::woken
                                                                 : core::wait_result::timed_out;
  }
  static void wake(const atomic<std::uint32_t>* word, int n) noexcept {
    fiber_run& run = fiber_run::current();
    run.step();
    run.wake(word, n);
  }

  static core::time_point now() noexcept { return {}; }

  static void* allocate(std::size_t bytes, std::size_t alignment) {
    void* const p = fiber_run::current().allocate(bytes, alignment);
    if (p == nullptr) throw std::bad_alloc();
    return p;
  }
  static void deallocate(void* p, std::size_t bytes, std::size_t alignment) noexcept {
    fiber_run::current().deallocate(p, bytes, alignment);
  }

  static unsigned choose(unsigned n) noexcept { return fiber_run::current().random().below(n); }

  [[noreturn]] static void fail(std::string_view kind, std::string_view message) {
    fiber_run::current().fail(kind, message);
  }
  static check::moment moment() { return fiber_run::current().moment(); }
  static bool recording() { return fiber_run::current().recording(); }
  static void note(std::string_view text) {
    fiber_run::current().record("", text, [] { return ""; });
  }

 private:
  template <class T>
  static std::string text(T value) {
    if constexpr (std::is_pointer_v<T>)
      return fiber_run::current().place(value);
    else if constexpr (std::is_enum_v<T>)
      return std::to_string(std::to_underlying(value));
    else if constexpr (std::is_arithmetic_v<T>)
      return std::to_string(value);
    else
      return "a value";
  }
  static std::string text(std::memory_order order) {
    switch (order) {
      case std::memory_order::relaxed: return ", relaxed";
      case std::memory_order::consume: return ", consume";
      case std::memory_order::acquire: return ", acquire";
      case std::memory_order::release: return ", release";
      case std::memory_order::acq_rel: return ", acq_rel";
      case std::memory_order::seq_cst: break;
    }
    return ", seq_cst";
  }
};

}  // namespace runnel::check
