// SPDX-License-Identifier: MIT
//
// Most scenarios are *programs*: for each thread the handles it holds and the calls it makes, on one
// channel of a given capacity. `program_test` (program_test.hpp) runs any program on any platform,
// and asserts the five properties of every run:
//
//   1 conservation   each value is received, handed back or destroyed, exactly once     (ledger)
//   2 one order      some order of the executable specification explains all responses  (recorder)
//   3 no sleeper     every thread ends; a thread that never does is a deadlock           (engine)
//   4 quiescence     when all handles are gone nothing is registered, allocated, counted (engine)
//   5 data           notes written before a send, a receive or a drop are seen, without a
//                    race, by whoever learns of it                                       (cells)
//
// Every thread drops the handles it still holds when it ends, unless the program `stays_open`.
#pragma once

#include <spec/channel_spec.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::check {

struct step {
  spec::op op;
  std::uint8_t value = 0;
  bool looks = false;  ///< only looks at the channel; op says from which side
};

// The words in which scenarios are written.
inline step send(std::uint8_t v) { return {spec::op::send, v}; }
inline step try_send(std::uint8_t v) { return {spec::op::try_send, v}; }
inline step send_for(std::uint8_t v) { return {spec::op::timed_send, v}; }
inline step recv() { return {spec::op::recv}; }
inline step try_recv() { return {spec::op::try_recv}; }
inline step recv_for() { return {spec::op::timed_recv}; }
inline step request_stop() { return {spec::op::request_stop}; }  // of a program with selects
inline step close() { return {spec::op::close}; }
inline step closed() { return {spec::op::closed}; }  // waits for it
inline step closed_for() { return {spec::op::timed_closed}; }
inline step clone_sender() { return {spec::op::clone_sender}; }
inline step drop_sender() { return {spec::op::drop_sender}; }
inline step clone_receiver() { return {spec::op::clone_receiver}; }
inline step drop_receiver() { return {spec::op::drop_receiver}; }
// Snapshots (size, is_disconnected), which are outside of the one order: each by itself is checked.
inline step look_from_sender() { return {spec::op::send, 0, true}; }
inline step look_from_receiver() { return {spec::op::recv, 0, true}; }

enum class role : std::uint8_t { sender, receiver };

/// A thread starts with one handle of its role. Step by step it makes its calls; then it drops what
/// it still holds, unless the program `stays_open`. With `drains` it first receives until the channel is disconnected.
struct thread_program {
  check::role role;
  std::vector<step> steps;
  bool drains = false;

  /// Whether they differ in the values that they send, or not at all.
  [[nodiscard]] bool is_like(const thread_program& other) const {
    const auto same = [](const step& a, const step& b) {
      return a.op == b.op && a.looks == b.looks;
    };
    return role == other.role && drains == other.drains &&
           std::ranges::equal(steps, other.steps, same);
  }
  [[nodiscard]] bool copies_handles() const {
    return std::ranges::any_of(steps, [](const step& s) {
      return s.op == spec::op::clone_sender || s.op == spec::op::clone_receiver;
    });
  }
};

inline thread_program sender(std::vector<step> steps) { return {role::sender, std::move(steps)}; }
inline thread_program receiver(std::vector<step> steps) {
  return {role::receiver, std::move(steps)};
}
inline thread_program draining_receiver(std::vector<step> steps = {}) {
  return {role::receiver, std::move(steps), true};
}

inline constexpr std::optional<std::size_t> unbounded = std::nullopt;
inline constexpr std::size_t rendezvous = 0;

struct program {
  std::optional<std::size_t> capacity;  ///< `unbounded`, `rendezvous`, or 1 and more
  std::vector<thread_program> threads;
  std::size_t block_length = 2;  ///< of the unbounded list: 1 or 2
  /// Threads keep their handles until all have ended: no close wakes up whoever still waits.
  bool stays_open = false;
  /// The explorer has the mutex and the signal that ship, not those of one step: two threads, mpsc.
  bool all_shipped = false;

  [[nodiscard]] unsigned handles(role r) const {
    unsigned n = 0;
    for (const thread_program& t : threads) n += t.role == r ? 1U : 0U;
    return n;
  }
  /// How many threads before this one have its role.
  [[nodiscard]] unsigned place(unsigned thread) const {
    unsigned n = 0;
    for (unsigned t = 0; t < thread; ++t) n += threads[t].role == threads[thread].role ? 1U : 0U;
    return n;
  }
  /// Whether several threads have the role, do the same, and drop one handle each.
  [[nodiscard]] bool are_alike(role r) const {
    const thread_program* first = nullptr;
    for (const thread_program& t : threads) {
      if (t.role != r) continue;
      if (first == nullptr) first = &t;
      if (!t.is_like(*first) || t.copies_handles()) return false;
    }
    return handles(r) > 1 && !stays_open;
  }
  /// How many messages are sent, and how many are received, at most.
  [[nodiscard]] std::size_t sends() const { return count(spec::is_send); }
  [[nodiscard]] std::size_t receives() const { return count(spec::is_recv); }
  /// How many threads close the channel.
  [[nodiscard]] std::size_t closers() const {
    return static_cast<std::size_t>(std::ranges::count_if(threads, closes));
  }
  static bool closes(const thread_program& t) {
    return std::ranges::find(t.steps, spec::op::close, &step::op) != t.steps.end();
  }
  /// Whether a thread takes a snapshot.
  [[nodiscard]] bool looks() const {
    for (const thread_program& t : threads) {
      for (const step& s : t.steps) {
        if (s.looks) return true;
      }
    }
    return false;
  }

 private:
  [[nodiscard]] std::size_t count(bool (*is)(spec::op)) const {
    std::size_t n = 0;
    for (const thread_program& t : threads) {
      for (const step& s : t.steps) n += is(s.op) && !s.looks ? 1U : 0U;
    }
    return n;
  }
};

/// What each thread does with a queue that they share, in steps: try_send and try_recv, and looks; close;
/// drop_sender closes it as the last sender does (nobody else may still send then), drop_receiver as
/// the last receiver does, who destroys what is left (nobody else may still receive then).
struct queue_program {
  std::optional<std::size_t> capacity;
  std::vector<std::vector<step>> threads;
  std::size_t block_length = 2;
  bool sole_receiver = false;  ///< only one thread receives: the list that mpsc channels have
  /// How many messages there are at most, and at least, whenever a thread looks.
  std::size_t most = 0;
  std::size_t least = 0;
};

/// What a thread does with several channels: calls on one of them, and selects.
struct select_step {
  enum class how : std::uint8_t {
    plain,   ///< the only case, by the channel's own operation
    select,  ///< biased, as the two below
    try_now,
    for_a_while,
    fair,  ///< as select, in any order
  };
  struct select_case {
    std::size_t channel;
    step call;  ///< a send or a receive, of a select without `try` or a deadline
    std::uint8_t then_sent =
        0;  ///< what is sent on the channel after the case was chosen, if not 0
  };

  how kind;
  std::vector<select_case> cases;
  bool has_token = false;  ///< a stop may end it
};

inline select_step plain(std::size_t channel, step call) {
  return {select_step::how::plain, {{channel, call}}};
}
inline select_step select(std::vector<select_step::select_case> cases) {
  return {select_step::how::select, std::move(cases)};
}
inline select_step fair_select(std::vector<select_step::select_case> cases) {
  return {select_step::how::fair, std::move(cases)};
}
inline select_step try_select(std::vector<select_step::select_case> cases) {
  return {select_step::how::try_now, std::move(cases)};
}
inline select_step select_for(std::vector<select_step::select_case> cases) {
  return {select_step::how::for_a_while, std::move(cases)};
}
/// The same, unless a thread makes the step plain(0, request_stop()).
inline select_step stoppable(select_step s) {
  s.has_token = true;
  return s;
}

/// Each thread starts with a handle of each side of each channel that its steps name, and drops what it
/// holds in the end. A value that was not sent is taken back, unless a later step sends it again.
struct select_program {
  std::vector<std::optional<std::size_t>> capacities;  ///< of the channels
  std::vector<std::vector<select_step>> threads;
};

/// The same with coroutines in some of the threads. Each is resumed by its thread when its resumer has been
/// called; until then the thread sleeps.
struct async_program : select_program {
  enum class runs_as : std::uint8_t {
    thread,
    coroutine,
    moved,                 ///< a coroutine that begins in the first thread and goes on in
    resumer_of_the_first,  ///< this one
    // Coroutines that wait when the threads begin, and are destroyed there:
    destroyed_at_once,       ///< by their thread, whether they have been notified or not
    destroyed_when_resumed,  ///< where they should be resumed
    never_resumed,           ///< when all threads have ended
  };
  std::vector<runs_as> threads_run_as;
  /// Whether operations do nothing where they begin, and go on where they are resumed (core/posted.hpp).
  bool are_posted = false;
};

/// What a thread does with a timer that all share: it looks whether it is due, waits for it, or selects
/// between it and a message; or it sends one.
enum class timer_step : std::uint8_t { look, wait, select, send };
struct timer_program {
  std::optional<std::size_t> capacity;  ///< of the channel
  std::vector<std::vector<timer_step>> threads;
  bool again = false;       ///< the timer is due more than once
  bool stays_open = false;  ///< the channel has a sender until all threads have ended
};

/// Tokens that threads give and wait for: the waiting mechanism without a queue.
struct waiting_program {
  /// For each thread: how many tokens it gives (positive), or how many it takes, each by waiting.
  std::vector<int> threads;
  bool timed = false;   ///< takers give up at a time-out
  bool served = false;  ///< givers take for them
};

/// Waiters that stand in a list: one thread notifies some of them, the other takes one out, as an owner does
/// that gives up.
struct order_program {
  unsigned waiters = 3;
  unsigned notifications = 2;
  unsigned leaves = 0;  ///< the number of the waiter
};

/// Handles that threads copy and drop: exactly one drop is the last, and it comes after all.
struct counting_program {
  unsigned copies = 1;  ///< that each thread makes and drops, beside the handle it starts with
  /// More handles are refused.
  std::uint32_t limit = (std::numeric_limits<std::uint32_t>::max)() / 2;
};

/// Threads that add to plain data under the mutex.
struct mutex_program {
  int rounds = 1;
};

/// A message that carries a handle (parcel_test.hpp).
struct parcel_program {
  std::optional<std::size_t> capacity;
  bool received = false;   ///< the receiver takes the parcel, or goes without looking
  bool to_itself = false;  ///< the parcel carries a sender of the channel that it is sent through
  bool mpmc = false;
};

}  // namespace runnel::check
