// SPDX-License-Identifier: MIT
//
// Tests of the parts of a channel by themselves, with more threads than whole channels can have:
// the queues, the waiting mechanism, the mutex, the handle counts.
#pragma once

#include "check.hpp"
#include "ledger.hpp"
#include "program_test.hpp"
#include "recorder.hpp"

#include <runnel/core/counts.hpp>
#include <runnel/core/list.hpp>
#include <runnel/core/ring.hpp>
#include <runnel/core/waiting.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace runnel::check {

enum class queue_kind { ring, list, sole_list };

/// A queue without waiting, handles and counts.
template <template <class, class> class Parts, unsigned Threads, queue_kind Kind,
          std::size_t BlockLength>
struct queue_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = queue_program;

    explicit on(const queue_program& p) : program_(p) {}
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      if constexpr (Kind == queue_kind::ring)
        queue_.emplace(*program_.capacity);
      else
        queue_.emplace();
    }

    void thread(unsigned index) {
      for (const step& s : program_.threads[index]) {
        if (s.looks)
          look();
        else if (s.op == spec::op::try_send)
          send(s.value);
        else if (s.op == spec::op::try_recv)
          receive();
        else
          close(s.op);
      }
    }

    void after() {
      if (closers(spec::op::drop_receiver) == 0) {
        if (closers(spec::op::drop_sender) == 0) close(spec::op::drop_sender);
        while (receive()) {
        }
      }
      queue_.reset();
      static known_histories known;
      ledger_.check_conservation();
      spec::state start;
      start.capacity = program_.capacity;
      start.senders = 1;
      start.receivers = 1;
      recorder_.check(start, known);
    }

   private:
    using parts = Parts<P, small_geometry<BlockLength>>;
    using queue = std::conditional_t<
        Kind == queue_kind::ring, typename parts::template ring<message<P>>,
        std::conditional_t<Kind == queue_kind::list, typename parts::template list<message<P>>,
                           typename parts::template sole_list<message<P>>>>;

    void send(std::uint8_t value) {
      message<P> m(value, ledger_);
      const std::size_t call = recorder_.begin(spec::op::try_send, value);
      const core::send_status status = queue_->try_send(m);
      recorder_.end(call, status == core::send_status::sent   ? spec::response::ok
                          : status == core::send_status::full ? spec::response::full
                                                              : spec::response::disconnected);
      if (status != core::send_status::sent) m.take_back();
    }

    bool receive() {
      const std::size_t call = recorder_.begin(spec::op::try_recv);
      auto m = queue_->try_recv();
      if (m) {
        recorder_.end(call, spec::response::ok, m->value());
        m->receive();
        return true;
      }
      recorder_.end(call, m.error() == recv_errc::empty ? spec::response::empty
                                                        : spec::response::disconnected);
      return false;
    }

    void look() {
      const std::size_t size = queue_->size();
      if (size > program_.most)
        P::fail(kind::assertion, "it sees " + std::to_string(size) +
                                     " messages, and there are never more than " +
                                     std::to_string(program_.most));
      if (size < program_.least)
        P::fail(kind::assertion, "it sees " + std::to_string(size) +
                                     " messages, and there are never fewer than " +
                                     std::to_string(program_.least));
    }

    void close(spec::op o) {
      const std::size_t call = recorder_.begin(o);
      queue_->close();
      if (o == spec::op::drop_receiver) {
        while (queue_->try_recv()) {
        }
      }
      recorder_.end(call, spec::response::ok);
    }
    [[nodiscard]] unsigned closers(spec::op o) const {
      unsigned n = 0;
      for (const auto& t : program_.threads) {
        for (const step& s : t) n += s.op == o ? 1U : 0U;
      }
      return n;
    }

    const queue_program& program_;
    ledger<P> ledger_;
    recorder<P> recorder_;
    std::optional<queue> queue_;
  };
};

template <template <class, class> class Parts, unsigned Threads>
struct waiting_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = waiting_program;

    explicit on(const waiting_program& p) : program_(p) {}
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      tokens_.emplace(0U);
      waiters_.emplace();
    }

    void thread(unsigned index) {
      for (int n = program_.threads[index]; n > 0; --n) give();
      for (int n = program_.threads[index]; n < 0; ++n) take(index);
    }

    void after() {
      int given = 0;
      for (const int n : program_.threads) given += n > 0 ? n : 0;
      int taken = 0;
      for (const int t : taken_) taken += t;
      const auto left = static_cast<int>(tokens_->load(core::at<"test.left">(core::relaxed)));
      if (taken + left != given)
        P::fail(kind::lost, std::to_string(given) + " tokens given, " + std::to_string(taken) +
                                " taken, " + std::to_string(left) + " left");
      waiters_.reset();
      tokens_.reset();
    }

   private:
    /// A taker: the same as those that wait in channels.
    struct taking {
      on& test;
      bool look() noexcept { return test.take_token(); }
      core::decision decide() noexcept {
        return test.tokens_->load(core::at<"test.decide">(core::seq_cst)) == 0
                   ? core::decision::blocked
                   : core::decision::possible;
      }
      static core::waiter<P> make_waiter() noexcept { return {}; }
      static bool was_served(const core::waiter<P>&) noexcept { return false; }
      static std::size_t count(auto) noexcept { return 0; }
    };
    /// A taker that givers serve. It has its token in a place of its own.
    struct served_taking : taking {
      bool& token;
      core::offer<P, bool> make_waiter() noexcept { return core::offer<P, bool>(token); }
      static bool was_served(const core::offer<P, bool>& w) noexcept { return w.was_served(); }
    };

    void give() {
      enters<P>("give");
      (void)tokens_->fetch_add(1U, core::at<"test.give">(core::seq_cst));
      if (program_.served)
        waiters_->notify_one([this](core::waiter<P>& w) {
          static_cast<core::offer<P, bool>&>(w).serve(
              [this](bool& token) { return token = take_token(); });
        });
      else
        waiters_->notify_one();
      leaves<P>();
    }

    bool take_token() noexcept {
      std::uint32_t n = tokens_->load(core::at<"test.look">(core::relaxed));
      while (n != 0) {
        if (tokens_->compare_exchange_strong(n, n - 1,
                                             core::at<"test.take">(core::seq_cst, core::relaxed)))
          return true;
      }
      return false;
    }

    void take(unsigned index) {
      const core::time_point deadline = program_.timed ? P::now() + a_while<P>() : core::never;
      bool token = false;
      taking plain{*this};
      served_taking served{{*this}, token};
      enters<P>("take");
      if (program_.served ? waiters_->wait(deadline, served) : waiters_->wait(deadline, plain))
        ++taken_[index];
      leaves<P>();
    }

    const waiting_program& program_;
    std::optional<typename P::template atomic<std::uint32_t>> tokens_;
    std::optional<typename Parts<P, small_geometry<2>>::wait_list> waiters_;
    std::array<int, Threads> taken_{};
  };
};

/// Those that wait are notified in the order in which they were registered.
template <template <class, class> class Parts>
struct order_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = 2;
    using config = order_program;

    explicit on(const order_program& p) : program_(p) {}
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      list_.emplace();
      for (unsigned i = 0; i < program_.waiters; ++i) list_->add(waiters_[i].emplace());
    }

    void thread(unsigned index) {
      enters<P>(index == 0 ? "notify" : "leave");
      if (index == 0) {
        for (unsigned i = 0; i < program_.notifications; ++i) list_->notify_one();
      } else {
        has_left_ = !list_->remove(*waiters_[program_.leaves]);
      }
      leaves<P>();
    }

    void after() {
      unsigned left = program_.notifications;
      for (unsigned i = 0; i < program_.waiters; ++i) {
        const bool stays = i != program_.leaves || !has_left_;
        const bool expected = stays && left != 0;
        if (expected) --left;
        if (waiters_[i]->is_notified() != expected)
          P::fail(kind::assertion,
                  "number " + std::to_string(i) +
                      (expected ? " was not notified" : " was notified too early"));
        if (stays && !expected && list_->remove(*waiters_[i]))
          P::fail(kind::assertion, "number " + std::to_string(i) + " was not in the list");
      }
      for (auto& w : waiters_) w.reset();
      list_.reset();
    }

   private:
    static constexpr std::size_t most_waiters = 3;

    const order_program& program_;
    std::optional<typename Parts<P, small_geometry<2>>::wait_list> list_;
    std::array<std::optional<core::waiter<P>>, most_waiters> waiters_;
    bool has_left_ = false;  // without a notification
  };
};

template <template <class, class> class Parts, unsigned Threads>
struct counting_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = counting_program;

    explicit on(const counting_program& p) : program_(p) {
      for (auto& n : notes_) n.construct(0);
    }
    ~on() {
      for (auto& n : notes_) n.destroy();
    }
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() { count_.emplace(Threads); }

    void thread(unsigned index) {
      enters<P>("add");
      unsigned handles = 1;
      for (unsigned i = 0; i < program_.copies; ++i) handles += copy() ? 1U : 0U;
      if (handles > program_.limit) P::fail(kind::assertion, "there are more handles than may be");
      notes_[index].write([](int& n) { n = 1; });
      for (unsigned i = 0; i < handles; ++i) {
        enters<P>("drop");
        if (count_->drop()) last();
      }
      leaves<P>();
    }

    void after() {
      if (lasts_ != 1) P::fail(kind::assertion, std::to_string(lasts_) + " drops were the last");
      count_.reset();
    }

   private:
    bool copy() {
      try {
        count_->add(program_.limit);
        return true;
      } catch (const std::length_error&) {
        return false;
      }
    }
    void last() {
      ++lasts_;
      for (auto& n : notes_) {
        if (n.read([](const int& x) { return x; }) != 1)
          P::fail(kind::assertion, "the last drop does not see what another thread did before its");
      }
    }

    const counting_program& program_;
    std::optional<typename Parts<P, small_geometry<2>>::handle_count> count_;
    std::array<typename P::template cell<int>, Threads> notes_;
    int lasts_ = 0;
  };
};

template <unsigned Threads>
struct mutex_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = mutex_program;

    explicit on(const mutex_program& p) : program_(p) { sum_.construct(0); }
    ~on() { sum_.destroy(); }
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() { mutex_.emplace(); }
    void thread(unsigned) {
      for (int i = 0; i < program_.rounds; ++i) {
        enters<P>("lock");
        const core::critical_section<P> held(*mutex_);
        leaves<P>();
        sum_.write([](int& s) { ++s; });
      }
    }
    void after() {
      mutex_.reset();
      if (sum_.read([](const int& s) { return s; }) != static_cast<int>(Threads) * program_.rounds)
        P::fail(kind::assertion, "a critical section was lost");
    }

   private:
    const mutex_program& program_;
    std::optional<core::mutex<P>> mutex_;
    typename P::template cell<int> sum_;
  };
};

}  // namespace runnel::check
