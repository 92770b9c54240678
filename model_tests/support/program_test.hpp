// SPDX-License-Identifier: MIT
//
// The test that runs programs (see program.hpp).
#pragma once

#include "check.hpp"
#include "ledger.hpp"
#include "program.hpp"
#include "recorder.hpp"

#include <runnel/core/handles.hpp>
#include <spec/channel_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace runnel::check {

/// The shape of queues in model tests: positions of 8 bits that start on their last lap, so that
/// they wrap around during the first messages, and blocks of few slots.
template <std::size_t BlockLength>
struct small_geometry {
  using index = std::uint8_t;
  static constexpr index first_lap = 127;
  static constexpr std::size_t block_length(std::size_t) { return BlockLength; }
};

/// Runs programs of a number of threads. Parts<P, Geometry> are what the channel is made of.
/// It keeps to the seam, and to memory of its own: an execution allocates what the channel does.
template <template <class, class> class Parts, unsigned Threads, bool Mpmc, std::size_t BlockLength>
struct program_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = program;

    explicit on(const program& p) : program_(p) {
      for (auto& d : departed_) d.construct(0);
      for (auto& c : closed_) c.construct(0);
      for (auto& c : receive_begun_) c.construct(0);
    }
    ~on() {
      for (auto& d : departed_) d.destroy();
      for (auto& c : closed_) c.destroy();
      for (auto& c : receive_begun_) c.destroy();
    }
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      channel_type* const c = new_channel();
      sender_type tx(c);
      receiver_type rx(c);
      for (unsigned t = 0; t < Threads; ++t) {
        if (program_.threads[t].role == role::sender)
          senders_[t][0].emplace(tx);
        else if constexpr (Mpmc)
          receivers_[t][0].emplace(rx);
        else
          receivers_[t][0].emplace(std::move(rx));
      }
    }

    void thread(unsigned index) {
      const thread_program& me = program_.threads[index];
      for (const step& s : me.steps) run(index, s);
      if (me.drains) {
        while (receive(index, spec::op::recv)) {
        }
      }
      if (program_.stays_open) return;
      while (holds(senders_[index])) drop(index, senders_[index], spec::op::drop_sender);
      while (holds(receivers_[index])) drop(index, receivers_[index], spec::op::drop_receiver);
    }

    void after() {
      senders_ = {};
      receivers_ = {};
      static known_histories known;
      ledger_.check_conservation();
      spec::state start;
      start.capacity = program_.capacity;
      start.senders = program_.handles(role::sender);
      start.receivers = program_.handles(role::receiver);
      recorder_.check(start, known);
    }

   private:
    using parts = Parts<P, small_geometry<BlockLength>>;
    static constexpr auto receivers = Mpmc ? core::receivers::many : core::receivers::one;
    using sender_type = core::basic_sender<message<P>, P, parts, receivers>;
    using receiver_type = core::basic_receiver<message<P>, P, parts, receivers>;
    using channel_type = typename sender_type::channel_type;
    static constexpr std::size_t max_handles = 2;  // of a thread
    template <class Handle>
    using handles_of_thread = std::array<std::optional<Handle>, max_handles>;

    void run(unsigned index, const step& s) {
      if (s.looks && spec::is_send(s.op)) return look(index, *senders_[index][0], role::receiver);
      if (s.looks) return look(index, *receivers_[index][0], role::sender);
      if (spec::is_send(s.op)) return send(index, s);
      if (spec::is_recv(s.op)) return (void)receive(index, s.op);
      if (spec::awaits_close(s.op)) return await_close(index, s.op);
      if (s.op == spec::op::close) return close(index);
      if (s.op == spec::op::drop_sender) return drop(index, senders_[index], s.op);
      if (s.op == spec::op::drop_receiver) return drop(index, receivers_[index], s.op);
      if (s.op == spec::op::clone_sender) return clone(senders_[index], s.op);
      if constexpr (Mpmc) return clone(receivers_[index], s.op);
      P::fail(kind::assertion, "this scenario needs a receiver that can be copied");
    }

    /// There is memory for it in the end; whoever finds none has lost nothing.
    channel_type* new_channel() const {
      for (;;) {
        try {
          return program_.capacity ? channel_type::make_bounded(*program_.capacity)
                                   : channel_type::make_unbounded();
        } catch (const std::bad_alloc&) {
        }
      }
    }

    using send_result = typename sender_type::result;

    /// Nothing if there is no memory.
    static std::optional<send_result> try_to_send(const sender_type& tx, message<P>& m,
                                                  spec::op o) {
      try {
        return o == spec::op::send       ? tx.send(std::move(m))
               : o == spec::op::try_send ? tx.try_send(std::move(m))
                                         : tx.send_for(std::move(m), a_while<P>());
      } catch (const std::bad_alloc&) {
        return std::nullopt;
      }
    }

    void send(unsigned index, const step& s) {
      message<P> m(s.value, ledger_);
      const std::size_t call = recorder_.begin(s.op, s.value);
      auto result = try_to_send(*senders_[index][0], m, s.op);
      if (!result) {
        recorder_.withdraw(call);
        return take_back(m, s);
      }
      if (*result) {
        recorder_.end(call, spec::response::ok);
        return sent(index);
      }
      const send_errc reason = result->error().reason;
      recorder_.end(call, reason == send_errc::full      ? spec::response::full
                          : reason == send_errc::timeout ? spec::response::timeout
                                                         : spec::response::disconnected);
      take_back(result->error().value, s);
      if (reason == send_errc::disconnected) disconnected(index, role::receiver);
    }
    static void take_back(message<P>& m, const step& s) {
      if (m.value() != s.value) P::fail(kind::lost, "a failed send handed another value back");
      m.take_back();
    }

    bool receive(unsigned index, spec::op o) {
      const receiver_type& rx = *receivers_[index][0];
      begin_receive();
      const std::size_t call = recorder_.begin(o);
      auto result = o == spec::op::recv       ? rx.recv()
                    : o == spec::op::try_recv ? rx.try_recv()
                                              : rx.recv_for(a_while<P>());
      if (result) {
        recorder_.end(call, spec::response::ok, result->value());
        result->receive();
        if (one_to_one()) ++received_;
        return true;
      }
      recorder_.end(call, result.error() == recv_errc::empty     ? spec::response::empty
                          : result.error() == recv_errc::timeout ? spec::response::timeout
                                                                 : spec::response::disconnected);
      if (result.error() == recv_errc::disconnected) disconnected(index, role::sender);
      return false;
    }

    /// Each snapshot is true at some moment: never more messages than fit or were ever sent, nor fewer
    /// than must be left; disconnected only when the other side has gone, and ever after.
    template <class Handle>
    void look(unsigned index, const Handle& handle, role other_side) {
      if (handle.capacity() != program_.capacity) P::fail(kind::assertion, "another capacity");
      const std::size_t size = handle.size();
      if (size > program_.capacity.value_or(max_values))
        P::fail(kind::assertion, "there are more messages than fit");
      if (size > program_.sends())
        P::fail(kind::assertion, "there are more messages than were sent");
      const std::size_t left = at_least_left(index);
      if (size < left || (left != 0 && handle.empty()) ||
          (left == program_.capacity && !handle.full()))
        P::fail(kind::assertion, "there are fewer messages than must be left");
      if (handle.is_disconnected())
        expect_departed(other_side);
      else if (disconnected_[index])
        P::fail(kind::assertion, "it was disconnected and is no more");
    }
    /// Of what a thread has sent, if nobody destroys it.
    [[nodiscard]] std::size_t at_least_left(unsigned index) const {
      const std::size_t taken = program_.receives();
      return program_.stays_open && sent_by_[index] > taken ? sent_by_[index] - taken : 0;
    }

    template <class Handle>
    static bool holds(const handles_of_thread<Handle>& handles) {
      return handles[0].has_value() || handles[1].has_value();
    }

    template <class Handle>
    void clone(handles_of_thread<Handle>& handles, spec::op o) {
      const std::size_t call = recorder_.begin(o);
      handles[1].emplace();
      *handles[1] = *handles[0];
      recorder_.end(call, spec::response::ok);
    }

    template <class Handle>
    void drop(unsigned index, handles_of_thread<Handle>& handles, spec::op o) {
      departed_[index].write([](int& d) { ++d; });
      const std::size_t call = recorder_.begin(o);
      await_turn(index);
      if (handles[1]) {
        *handles[0] = *std::exchange(handles[1], std::nullopt);
      } else {
        handles[0]->reset();
        handles[0].reset();
      }
      recorder_.end(call, spec::response::ok);
    }

    /// Of a search with drops in order.
    void await_turn([[maybe_unused]] unsigned index) {
      if constexpr (requires { P::await_turn(0U); }) {
        const role mine = program_.threads[index].role;
        if (current_reductions().has(reduction::drops) && program_.are_alike(mine))
          P::await_turn(program_.handles(mine) - program_.place(index));
      }
    }

    void close(unsigned index) {
      const bool is_first = closed_[index].read([](const int& c) { return c; }) == 0;
      if (is_first) closed_[index].write([](int& c) { c = 1; });
      const std::size_t call = recorder_.begin(spec::op::close);
      closing_handle(index).close();
      recorder_.end(call, spec::response::ok);
    }

    /// A thread without a receiver closes through that of another one, which keeps it: the program stays open.
    const receiver_type& closing_handle(unsigned index) const {
      if (receivers_[index][0]) return *receivers_[index][0];
      unsigned other = 0;
      while (program_.threads[other].role != role::receiver) ++other;
      return *receivers_[other][0];
    }

    void await_close(unsigned index, spec::op o) {
      const sender_type& tx = *senders_[index][0];
      const std::size_t call = recorder_.begin(o);
      if (o == spec::op::closed) {
        tx.closed();
      } else if (!tx.closed_for(a_while<P>())) {
        return recorder_.end(call, spec::response::timeout);
      }
      recorder_.end(call, spec::response::ok);
      disconnected(index, role::receiver);
    }

    void disconnected(unsigned index, role other_side) {
      disconnected_[index] = true;
      expect_departed(other_side);
    }
    /// Whoever learns of a disconnect sees what all of the other side did before they went.
    void expect_departed(role r) {
      if (program_.closers() != 0) return expect_closed(r);
      for (unsigned t = 0; t < Threads; ++t) {
        if (program_.threads[t].role != r) continue;
        if (departed_[t].read([](const int& d) { return d; }) == 0)
          P::fail(kind::assertion,
                  "disconnected, but thread " + std::to_string(t) + " had not gone");
      }
    }

    /// The same where a receiver closes: of one that has done so for certain. Receivers do before they go.
    void expect_closed(role other_side) {
      if (program_.closers() != 1 || (other_side == role::sender && !program_.stays_open)) return;
      for (unsigned t = 0; t < Threads; ++t) {
        if (!program::closes(program_.threads[t])) continue;
        if (closed_[t].read([](const int& c) { return c; }) == 0)
          P::fail(kind::assertion, "disconnected, but nobody had closed the channel");
      }
    }

    // The call of the k-th receive happens-before the completion of the (k+n)-th send. Which is the
    // k-th is known to one sender and one receiver only.
    [[nodiscard]] bool one_to_one() const {
      return Threads == 2 && program_.capacity && *program_.capacity != 0;
    }
    void begin_receive() {
      if (!one_to_one() || announced_ > received_) return;
      receive_begun_[announced_++].write([](int& c) { c = 1; });
    }
    void sent(unsigned index) {
      ++sent_by_[index];
      if (!one_to_one() || ++sent_ <= *program_.capacity) return;
      const std::size_t k = sent_ - *program_.capacity - 1;
      if (receive_begun_[k].read([](const int& c) { return c; }) == 0)
        P::fail(kind::assertion, "a send completed that had no room");
    }

    const program& program_;
    ledger<P> ledger_;
    recorder<P> recorder_;
    std::array<handles_of_thread<sender_type>, Threads> senders_;
    std::array<handles_of_thread<receiver_type>, Threads> receivers_;
    std::array<typename P::template cell<int>, Threads> departed_;
    std::array<typename P::template cell<int>, Threads> closed_;
    std::array<typename P::template cell<int>, max_values> receive_begun_;
    std::array<std::size_t, Threads> sent_by_{};
    std::array<bool, Threads> disconnected_{};  // has been told so
    std::size_t announced_ = 0;                 // by the receiver
    std::size_t received_ = 0;
    std::size_t sent_ = 0;  // by the sender
  };
};

}  // namespace runnel::check
