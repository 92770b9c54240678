// SPDX-License-Identifier: MIT
//
// The platform on which Relacy runs the shipped source: see std_platform.hpp for what a platform
// is and check.hpp for what a model adds.
//
// What is modelled, and how far:
//  - Every atomic operation, fence, wait and wake is a point where the schedule may switch; the
//    construction of an atomic is none, since nobody else can know the object yet.
//  - A load may read the newest value or the one before it (the random search: two before it). A
//    thread that had to wait reads nothing older than it has read before.
//  - Each access to an atomic has to be ordered after its construction and before its destruction;
//    that is what finds a count whose order is too weak to free what it counts.
//  - `await` sleeps until the atomic is written; a thread that nobody will release is reported.
//  - wait and wake are a futex keyed by address, without any happens-before of their own. With a
//    deadline a wait may time out at any moment; it does not wake up spuriously.
//  - Freed memory is not given out again for a while, so that a late access finds it dead.
#pragma once

#include "no_polling.hpp"
#include "relacy_execution.hpp"

namespace runnel::check {

struct relacy_platform : no_time {
  using location = std::source_location;

  static constexpr bool is_model = true;
  static constexpr bool checks_misuse = false;

  template <class T>
  class atomic {
    using shown = relacy_detail::shown<T>;

   public:
    explicit atomic(T value) {
      rl::ctx().disable_preemption();
      value_.store({value}, rl::mo_relaxed, rl::debug_info("construct an atomic"));
      rl::ctx().enable_preemption();
    }
    ~atomic() { lifetime_.end(rl::debug_info("destroy an atomic")); }
    atomic(const atomic&) = delete;
    atomic& operator=(const atomic&) = delete;

    template <core::site_name N>
    T load(core::at<N> site, location where = location::current()) const noexcept {
      const rl::debug_info info = relacy_detail::info_of(site.name().data(), where);
      const relacy_detail::access a(lifetime_, info);
      return value_.load(relacy_detail::load_order(order_of(site)), info).value;
    }
    template <core::site_name N>
    void store(T value, core::at<N> site, location where = location::current()) noexcept {
      const rl::debug_info info = relacy_detail::info_of(site.name().data(), where);
      const relacy_detail::access a(lifetime_, info);
      value_.store({operand_of(site, value)}, relacy_detail::store_order(order_of(site)), info);
      relacy_detail::written(this, info);
    }
    template <core::site_name N>
    T exchange(T value, core::at<N> site, location where = location::current()) noexcept {
      return update<rl::rmw_type_swap>(operand_of(site, value), site, where);
    }
    template <core::site_name N>
    T fetch_add(T value, core::at<N> site, location where = location::current()) noexcept {
      return update<rl::rmw_type_add>(operand_of(site, value), site, where);
    }
    template <core::site_name N>
    T fetch_sub(T value, core::at<N> site, location where = location::current()) noexcept {
      return update<rl::rmw_type_sub>(operand_of(site, value), site, where);
    }
    template <core::site_name N>
    T fetch_or(T value, core::at<N> site, location where = location::current()) noexcept {
      return update<rl::rmw_type_or>(value, site, where);
    }
    template <core::site_name N>
    bool compare_exchange_weak(T& expected, T value, core::at<N> site,
                               location where = location::current()) noexcept {
      return compare_exchange<true>(expected, value, site, where);
    }
    template <core::site_name N>
    bool compare_exchange_strong(T& expected, T value, core::at<N> site,
                                 location where = location::current()) noexcept {
      return compare_exchange<false>(expected, value, site, where);
    }

   private:
    friend relacy_platform;

    template <rl::rmw_type_e Type, core::site_name N>
    T update(T value, core::at<N> site, const location& where) noexcept {
      const rl::debug_info info = relacy_detail::info_of(site.name().data(), where);
      const relacy_detail::access a(lifetime_, info);
      const shown before = value_.rmw(rl::rmw_type_t<Type>(), shown{value},
                                      relacy_detail::update_order(order_of(site)), info);
      relacy_detail::written(this, info);
      return before.value;
    }

    template <bool Weak, core::site_name N>
    bool compare_exchange(T& expected, T value, core::at<N> site, const location& where) noexcept {
      const rl::debug_info info = relacy_detail::info_of(site.name().data(), where);
      const relacy_detail::access a(lifetime_, info);
      const auto orders = relacy_detail::exchange_orders(order_of(site), failure_order_of(site));
      shown seen{expected};
      const bool done = value_.compare_exchange(rl::bool_t<Weak>(), seen, {value}, orders.success,
                                                orders.failure, info);
      expected = seen.value;
      if (done) relacy_detail::written(this, info);
      return done;
    }

    /// What the kernel reads: the newest value. From now on this thread reads nothing older.
    T newest(const rl::debug_info& info) const noexcept {
      const relacy_detail::access a(lifetime_, info);
      const T value = value_.debug_value().value;
      shown other{static_cast<T>(~value)};
      (void)value_.compare_exchange(rl::bool_t<false>(), other, other, rl::mo_relaxed,
                                    rl::mo_relaxed, info);  // fails
      return value;
    }

    relacy_detail::lifetime lifetime_;
    mutable rl::atomic<shown> value_;
  };

  template <core::site_name N>
  static void fence(core::at<N> site, location where = location::current()) noexcept {
    const rl::memory_order order = relacy_detail::update_order(order_of(site));
    if (order == rl::mo_relaxed) return;
    rl::atomic_thread_fence(order, relacy_detail::info_of(site.name().data(), where));
  }

  /// Uninitialised storage whose accesses are checked from their begin to their end.
  template <class T>
  class cell {
   public:
    cell() noexcept {}
    ~cell() {
      const rl::debug_info info("end of a cell");
      lifetime_.end(info);
      if (!std::is_trivially_destructible_v<T> && holds_)
        relacy_detail::fail(kind::leak, "a cell ends with a value in it", info);
    }
    cell(const cell&) = delete;
    cell& operator=(const cell&) = delete;

    template <class... Args>
    void construct(Args&&... args) noexcept {
      const rl::debug_info info = begin_write("construct in a cell", location());
      if (holds_)
        relacy_detail::fail(kind::lost, "a value is constructed over one that is alive", info);
      std::construct_at(std::addressof(value_), std::forward<Args>(args)...);
      holds_ = true;
      lifetime_.write(info);
    }
    void destroy(location where = location::current()) noexcept {
      const rl::debug_info info = begin_write("destroy in a cell", where);
      check_holds(info);
      std::destroy_at(std::addressof(value_));
      holds_ = false;
      lifetime_.write(info);
    }
    T take(location where = location::current()) noexcept {
      const rl::debug_info info = begin_write("take from a cell", where);
      check_holds(info);
      struct destroy_at_exit {
        cell& c;
        const rl::debug_info& info;
        ~destroy_at_exit() {
          std::destroy_at(std::addressof(c.value_));
          c.holds_ = false;
          c.lifetime_.write(info);
        }
      } guard{*this, info};
      return std::move(value_);
    }
    template <class F>
    decltype(auto) read(F&& f, location where = location::current()) const noexcept {
      const rl::debug_info info = relacy_detail::info_of("read of a cell", where);
      const checked_to_end<const cell> whole(*this, info);
      return std::forward<F>(f)(std::as_const(value_));
    }
    template <class F>
    decltype(auto) write(F&& f, location where = location::current()) noexcept {
      const rl::debug_info info = begin_write("write to a cell", where);
      const checked_to_end<cell> whole(*this, info);
      return std::forward<F>(f)(value_);
    }

   private:
    template <class Cell>
    struct checked_to_end {
      checked_to_end(Cell& cell, const rl::debug_info& i) : c(cell), info(i) {
        check();
        c.check_holds(info);
      }
      ~checked_to_end() { check(); }
      checked_to_end(const checked_to_end&) = delete;
      checked_to_end& operator=(const checked_to_end&) = delete;
      void check() {
        if constexpr (std::is_const_v<Cell>)
          c.lifetime_.read(info);
        else
          c.lifetime_.write(info);
      }

      Cell& c;
      const rl::debug_info& info;
    };

    rl::debug_info begin_write(const char* what, const location& where) {
      const rl::debug_info info = relacy_detail::info_of(what, where);
      lifetime_.write(info);
      if (recording()) rl::ctx().exec_log(info, relacy_detail::cell_event{this});
      return info;
    }
    void check_holds(const rl::debug_info& info) const {
      if (!holds_) relacy_detail::fail_at(kind::uninitialised, "there is no value", info);
    }

    relacy_detail::lifetime lifetime_;
    bool holds_ = false;
    union {
      T value_;
    };
  };

  template <class T, class Pred, core::site_name N>
  static T await(const atomic<T>& a, Pred pred, core::at<N> site,
                 location where = location::current()) noexcept {
    for (;;) {
      const T value = a.load(site, where);
      if (pred(value)) return value;
      // No point to switch at since the load: if the newest value does not do, only a write helps.
      const rl::debug_info info = relacy_detail::info_of(site.name().data(), where);
      if (!pred(a.value_.debug_value().value)) relacy_detail::sleep(&a, true, false, info);
      // Who spins sees the newer value after finitely many loads; the model needs no more than one.
      rl::thread_info_base& self = *rl::ctx().threadx_;
      self.last_yield_ = self.own_acq_rel_order_;
    }
  }

  static core::wait_result wait(const atomic<std::uint32_t>& word, std::uint32_t expected,
                                core::time_point deadline,
                                location where = location::current()) noexcept {
    const rl::debug_info info = relacy_detail::info_of("wait", where);
    if (word.newest(info) != expected) return core::wait_result::changed;
    return relacy_detail::sleep(&word, false, deadline != core::never, info)
               ? core::wait_result::woken
               : core::wait_result::timed_out;
  }

  static void wake(const atomic<std::uint32_t>* word, int n,
                   location where = location::current()) noexcept {
    rl::ctx().sched();
    const rl::debug_info info = relacy_detail::info_of("wake", where);
    const relacy_execution& e = current_execution;
    for (; n > 0; --n) {
      const auto waiting = static_cast<unsigned>(
          std::count_if(e.sleepers.begin(), e.sleepers.begin() + e.sleeping,
                        [word](const auto& s) { return s.word == word && !s.awaits; }));
      if (waiting == 0) return;
      relacy_detail::wake_one(word, static_cast<int>(waiting) > n ? waiting : 1, info);
    }
  }

  static void* allocate(std::size_t bytes, std::size_t alignment,
                        location where = location::current()) {
    const rl::debug_info info = relacy_detail::info_of("allocate", where);
    if (alignment <= rl::alignment) return rl::ctx().alloc(bytes, false, info);
    // Room to align, and in front of the memory its distance from what Relacy knows.
    void* const whole = rl::ctx().alloc(bytes + 2 * alignment, false, info);
    std::size_t room = bytes + alignment;
    void* aligned = static_cast<char*>(whole) + alignment;
    std::align(alignment, bytes, aligned, room);
    static_cast<void**>(aligned)[-1] = whole;
    return aligned;
  }
  static void deallocate(void* p, std::size_t bytes, std::size_t alignment,
                         location where = location::current()) noexcept {
    const rl::debug_info info = relacy_detail::info_of("deallocate", where);
    if (p == nullptr) return;
    rl::ctx().free(alignment <= rl::alignment ? p : static_cast<void**>(p)[-1], false, info);
    std::memset(p, 0xdd, bytes);  // nothing in it is alive any more
  }

  static unsigned choose(unsigned n) noexcept { return n > 1 ? rl::rand(n) : 0; }

  [[noreturn]] static void fail(std::string_view kind, std::string_view message,
                                location where = location::current()) {
    relacy_detail::fail(kind, message, relacy_detail::info_of("", where));
  }

  static check::moment moment() {
    relacy_execution& e = current_execution;
    check::moment m;
    if (e.now == relacy_execution::phase::threads) {
      const rl::context& c = rl::ctx();
      rl::thread_info_base& self = *c.threadx_;
      self.own_acq_rel_order_ += 1;
      m.thread = static_cast<unsigned>(self.index_);
      std::copy_n(self.acq_rel_order_, c.get_thread_count(), m.clock.begin());
    } else {
      ++e.moments_outside;
      if (e.now == relacy_execution::phase::after) m.clock.fill(UINT64_MAX);
    }
    if (m.clock.size() > check::moment::outside)
      m.clock[check::moment::outside] = e.moments_outside;
    return m;
  }

  static bool recording() { return rl::ctx().collecting_history(); }

  static void note(std::string_view text) {
    if (!recording()) return;
    const rl::user_msg_event event{rl::string(text.data(), text.size())};
    rl::ctx().exec_log(rl::debug_info("note"), event);
  }
};

}  // namespace runnel::check
