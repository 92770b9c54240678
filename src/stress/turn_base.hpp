// SPDX-License-Identifier: MIT
//
// A turn: for a short time, the threads of a team make channels of one kind, one after another, load
// each, and check what became of its messages when it has gone.
#pragma once

#include "control.hpp"
#include "ledger.hpp"
#include "profile.hpp"
#include "team.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace runnel::stress {

using steady_clock = std::chrono::steady_clock;

struct turn_plan {
  std::optional<std::size_t> capacity;  ///< none: unbounded
  profile how;
  unsigned most_threads = 32;
  std::uint64_t seed = 0;
  steady_clock::duration length{};
};

struct turn_counts {
  std::uint64_t channels = 0;
  ledger all;
  double seconds = 0;
};

/// What the books of so many channels that have gone say is wrong; empty if nothing is.
std::string judge(const ledger& all, std::uint64_t channels = 1);

/// What turns have in common, whatever their threads do.
class turn_base {
 public:
  turn_base(const turn_plan& plan, control& c, std::uint64_t channels)
      : plan_(plan),
        control_(c),
        random_(plan.seed),
        start_(steady_clock::now()),
        team_(c, team_size(), plan.how.one_core, random_.next()),
        channels_(channels) {}
  turn_base(const turn_base&) = delete;
  turn_base& operator=(const turn_base&) = delete;

  turn_counts run() {
    do {
      begin();
      load();
      if (const std::string wrong = judge(books(), channels_); !wrong.empty()) control_.fail(wrong);
      close_books();
    } while (!control_.is_stopped() && steady_clock::now() < start_ + plan_.length);
    counts_.seconds = std::chrono::duration<double>(steady_clock::now() - start_).count();
    return counts_;
  }

 protected:
  ~turn_base() = default;

  enum class outcome { done, not_now, disconnected };

  /// What a thread has beside its handles.
  struct worker {
    unsigned index;
    thread_state& state;
    random_numbers random;
    std::vector<std::uint64_t> last{};  ///< of a receiver: the last number of each sender

    ledger& book() { return state.book; }
  };

  /// Makes the channels, and lets the team use them until they have gone.
  virtual void load() = 0;

  /// Calls use(worker) in each thread.
  template <class Use>
  void run_team(Use use) {
    const std::uint64_t seed = random_.next();
    team_.run([this, seed, &use](unsigned index) {
      worker w{index, control_.threads[index], random_numbers(mixed(seed + index))};
      use(w);
      w.state.progresses();
    });
  }
  /// How many of the team receive, if many may.
  unsigned receivers_of_team() {
    const unsigned n = team_.size();
    return plan_.how.all_threads ? n / 2 : 1 + static_cast<unsigned>(random_.below(n - 1));
  }

  [[nodiscard]] bool is_over(std::uint64_t operations) const {
    if (control_.is_stopped()) return true;
    const bool look = operations % 16 == 0 || plan_.how.between == pauses::some;
    return look && steady_clock::now() >= end_;
  }
  std::uint64_t operations_of(worker& w) const {
    return leave_early_ ? w.random.below(most_operations_) : endless;
  }
  void pause(worker& w) const {
    if (plan_.how.between == pauses::none) return;
    w.state.calls("pauses");
    const std::uint64_t kind = w.random.below(4);
    if (kind == 0) std::this_thread::sleep_for(std::chrono::microseconds(w.random.below(100)));
    if (kind == 1) std::this_thread::yield();
  }
  /// Before a handle is dropped, so that others are in all kinds of states.
  void linger(worker& w) const {
    if (leave_early_ && w.random.below(2) == 0)
      std::this_thread::sleep_for(std::chrono::microseconds(w.random.below(200)));
  }
  void fail(const worker& w, const char* role, const std::string& what) {
    control_.fail("thread " + std::to_string(w.index) + ", a " + role + ": " + what);
  }
  static std::string name_of(const message& m) {
    return "message " + std::to_string(m.number()) + " of sender " + std::to_string(m.sender());
  }

  template <class Sender>
  static void wait_for_backlog(worker& w, const Sender& tx) {
    w.state.calls("waits while an unbounded channel has too many messages");
    while (tx.size() > most_backlog && !tx.is_disconnected()) std::this_thread::yield();
  }

  static std::chrono::microseconds short_time(worker& w) {
    return std::chrono::microseconds(w.random.below(300));
  }

  /// Enters what was received from channel `c`.
  void take(worker& w, message m, std::size_t c = 0) {
    w.state.progresses();
    if (!m.is_sound() || m.sender() > team_.size()) {
      fail(w, "receiver", "a message was received that nobody sent");
      return m.settle();
    }
    std::uint64_t& last = w.last[c * (team_.size() + 1) + m.sender()];
    if (m.number() == last) fail(w, "receiver", name_of(m) + " was received twice");
    if (m.number() < last)
      fail(w, "receiver", name_of(m) + " came after message " + std::to_string(last));
    last = m.number();
    w.book().received.add(m.identity());
    m.settle();
  }

  [[nodiscard]] std::vector<std::uint64_t> nothing_received() const {
    return std::vector<std::uint64_t>(channels_ * (team_.size() + 1), 0);
  }
  /// Drops one of the receivers of a thread.
  template <class Receiver>
  static void drop(worker& w, Receiver& rx) {
    w.state.calls("drops its receiver");
    const std::uint64_t before = w.book().destroyed.count;
    w.book().drops_receiver = true;
    rx.reset();
    w.book().drops_receiver = false;
    if (w.book().destroyed.count != before) ++w.book().destroyers;
  }

  const turn_plan plan_;
  control& control_;
  random_numbers random_;
  const steady_clock::time_point start_;
  team team_;

 private:
  static constexpr std::uint64_t endless = ~std::uint64_t{0};
  static constexpr std::size_t most_backlog = 20'000;  // of an unbounded channel

  unsigned team_size() {
    if (plan_.how.all_threads) return plan_.most_threads;
    const unsigned few = std::min(plan_.most_threads, 8U);
    return 2 + static_cast<unsigned>(random_.below(few - 1));
  }
  void begin() {
    const auto longest = std::chrono::milliseconds(2 + random_.below(50));
    end_ = std::min(steady_clock::now() + longest, start_ + plan_.length);
    leave_early_ = plan_.how.ends == leaving::random ||
                   (plan_.how.ends == leaving::either && random_.below(2) == 0);
    most_operations_ = std::uint64_t{8} << random_.below(10);
  }
  ledger books() const {
    ledger all;
    for (const thread_state& t : control_.threads) all += t.book;
    return all;
  }
  void close_books() {
    counts_.channels += channels_;
    counts_.all += books();
    for (thread_state& t : control_.threads) t.book = {};
  }

  const std::uint64_t channels_;  ///< at a time
  turn_counts counts_;

  // Of the channels that there are.
  steady_clock::time_point end_;  ///< of their senders
  bool leave_early_ = false;
  std::uint64_t most_operations_ = 0;  ///< of a thread that leaves early
};

}  // namespace runnel::stress
