// SPDX-License-Identifier: MIT
//
// Traffic through one channel on real threads, and what became of each message: what the five
// properties are about.
#pragma once

#include "threads.hpp"

#include <runnel/errors.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace properties {

struct traffic {
  std::optional<std::size_t> capacity;
  unsigned senders = 1;
  unsigned receivers = 1;
  /// After how many messages a sender goes, and a receiver. Nothing: when the other side has gone.
  std::optional<unsigned> sends;
  std::optional<unsigned> receives;
  std::uint64_t seed = 0;  ///< of the delays, and of the choice between blocking, trying and timed
};

/// What one thread saw.
struct sender_report {
  std::vector<std::uint32_t> accepted;
  std::vector<std::uint32_t> handed_back;
  bool saw_disconnected = false;
};
struct receiver_report {
  std::vector<std::uint32_t> received;
  bool saw_disconnected = false;
};

struct traffic_report {
  std::vector<sender_report> senders;
  std::vector<receiver_report> receivers;
  /// `disconnected` was reported while the other side had not gone, or did not stay.
  std::atomic<bool> wrong_disconnect{false};
  /// Messages that exist when all receivers have gone.
  long left = 0;
};

inline constexpr std::uint32_t most_threads = 8;
inline std::uint32_t sender_of(std::uint32_t value) { return value % most_threads; }

/// Sends and receives until both sides have gone, on a channel that Api makes.
template <class Api>
class run_traffic {
 public:
  explicit run_traffic(const traffic& t)
      : traffic_(t),
        calls_(t.senders + t.receivers),
        sender_gone_(t.senders, 0),
        receiver_gone_(t.receivers, 0) {
    report.senders.resize(t.senders);
    report.receivers.resize(t.receivers);
    for (auto& c : calls_) note(c, "its beginning");
    auto [tx, rx] = t.capacity ? Api::template sync_channel<parcel>(*t.capacity)
                               : Api::template channel<parcel>();
    const hang_watch watch(calls_);
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < t.senders; ++i)
        threads.emplace_back([this, i, mine = sender(tx)]() mutable { send(i, std::move(mine)); });
      if (t.sends) tx.reset();
      if constexpr (std::copy_constructible<receiver>) {
        for (unsigned i = 1; i < t.receivers; ++i)
          threads.emplace_back([this, i, mine = rx]() mutable { receive(i, std::move(mine)); });
      }
      threads.emplace_back([this, mine = std::move(rx)]() mutable { receive(0, std::move(mine)); });
    }
    // If a sender lives, nothing but the drop of the last receiver destroyed what was left.
    report.left = parcels.load();
  }

  traffic_report report;

 private:
  using sender = typename Api::template sender<parcel>;
  using receiver = typename Api::template receiver<parcel>;
  static constexpr auto a_while = std::chrono::microseconds(20);

  void send(unsigned index, sender tx) {
    sender_report& mine = report.senders[index];
    random_delays delay(traffic_.seed + index);
    for (std::uint32_t n = 1; n <= traffic_.sends.value_or(-1) && !mine.saw_disconnected; ++n) {
      delay();
      const std::uint32_t value = n * most_threads + index;
      const auto r = send_one(tx, make_parcel(value), delay.below(3), calls_[index]);
      if (r) {
        mine.accepted.push_back(value);
        continue;
      }
      mine.handed_back.push_back(r.error().value ? *r.error().value : 0);
      mine.saw_disconnected = r.error().reason == runnel::send_errc::disconnected;
    }
    if (mine.saw_disconnected) {
      for (unsigned way = 0; way < 3; ++way) {
        const auto r = send_one(tx, make_parcel(index), way, calls_[index]);
        if (r || r.error().reason != runnel::send_errc::disconnected)
          report.wrong_disconnect = true;
      }
      if (!all(receiver_gone_)) report.wrong_disconnect = true;
    }
    delay();
    sender_gone_[index] = 1;
    note(calls_[index], "the drop of its sender");
    tx.reset();
    note(calls_[index], "its end");
  }

  void receive(unsigned index, receiver rx) {
    receiver_report& mine = report.receivers[index];
    std::atomic<const char*>& call = calls_[traffic_.senders + index];
    random_delays delay(traffic_.seed + most_threads + index);
    while (mine.received.size() < traffic_.receives.value_or(-1) && !mine.saw_disconnected) {
      delay();
      const auto r = receive_one(rx, delay.below(3), call);
      if (r)
        mine.received.push_back(**r);
      else
        mine.saw_disconnected = r.error() == runnel::recv_errc::disconnected;
    }
    if (mine.saw_disconnected) {
      for (unsigned way = 0; way < 3; ++way) {
        const auto r = receive_one(rx, way, call);
        if (r || r.error() != runnel::recv_errc::disconnected) report.wrong_disconnect = true;
      }
      if (!all(sender_gone_)) report.wrong_disconnect = true;
    }
    delay();
    receiver_gone_[index] = 1;
    note(call, "the drop of its receiver");
    rx.reset();
    note(call, "its end");
  }

  static auto send_one(const sender& tx, parcel message, unsigned way,
                       std::atomic<const char*>& call) {
    note(call, way == 0 ? "send" : way == 1 ? "try_send" : "send_for");
    if (way == 0) return tx.send(std::move(message));
    if (way == 1) return tx.try_send(std::move(message));
    return tx.send_for(std::move(message), a_while);
  }
  static auto receive_one(const receiver& rx, unsigned way, std::atomic<const char*>& call) {
    note(call, way == 0 ? "recv" : way == 1 ? "try_recv" : "recv_for");
    if (way == 0) return rx.recv();
    if (way == 1) return rx.try_recv();
    return rx.recv_for(a_while);
  }
  static bool all(const std::vector<char>& gone) { return std::ranges::count(gone, 0) == 0; }

  const traffic& traffic_;
  hang_watch::threads calls_;
  // Plain data: what a thread did before it went has to happen before `disconnected`.
  std::vector<char> sender_gone_;
  std::vector<char> receiver_gone_;
};

/// Each asker sends questions one at a time, and waits for the answer to each: as long as a question
/// or an answer lies in a channel and nobody is woken up for it, somebody waits in vain.
template <class Api>
class run_questions {
 public:
  /// `sends`: how many questions an asker (a sender) has. `receives` means nothing.
  explicit run_questions(const traffic& t)
      : traffic_(t), calls_(t.senders + t.receivers), answered_(t.senders, 0) {
    for (auto& c : calls_) note(c, "its beginning");
    auto [tx, rx] = make();
    std::vector<receiver> answers;
    for (unsigned i = 0; i < t.senders; ++i) {
      auto [answer_tx, answer_rx] = make();
      answer_to_.push_back(std::move(answer_tx));
      answers.push_back(std::move(answer_rx));
    }
    const hang_watch watch(calls_);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < t.senders; ++i)
      threads.emplace_back([this, i, mine = sender(tx), &from = answers[i]]() mutable {
        ask(i, std::move(mine), from);
      });
    tx.reset();
    if constexpr (std::copy_constructible<receiver>) {
      for (unsigned i = 1; i < t.receivers; ++i)
        threads.emplace_back([this, i, mine = rx] { answer(i, mine); });
    }
    threads.emplace_back([this, mine = std::move(rx)] { answer(0, mine); });
    threads.clear();
  }

  [[nodiscard]] bool all_answered() const {
    return std::ranges::all_of(answered_, [this](unsigned n) { return n == traffic_.sends; });
  }

 private:
  using sender = typename Api::template sender<parcel>;
  using receiver = typename Api::template receiver<parcel>;
  static constexpr auto long_enough = std::chrono::hours(1);

  auto make() const {
    return traffic_.capacity ? Api::template sync_channel<parcel>(*traffic_.capacity)
                             : Api::template channel<parcel>();
  }

  void ask(unsigned index, sender tx, const receiver& from) {
    std::atomic<const char*>& call = calls_[index];
    random_delays delay(traffic_.seed + index);
    for (unsigned n = 0; n < traffic_.sends; ++n) {
      delay();
      note(call, "send of a question");
      (void)(delay.below(2) == 0 ? tx.send(make_parcel(index))
                                 : tx.send_for(make_parcel(index), long_enough));
      note(call, "recv of an answer");
      if (delay.below(2) == 0 ? from.recv() : from.recv_for(long_enough)) ++answered_[index];
    }
    note(call, "the drop of its sender");
    tx.reset();
    note(call, "its end");
  }

  void answer(unsigned index, const receiver& rx) {
    std::atomic<const char*>& call = calls_[traffic_.senders + index];
    random_delays delay(traffic_.seed + most_threads + index);
    for (;;) {
      note(call, "recv of a question");
      auto question = delay.below(2) == 0 ? rx.recv() : rx.recv_for(long_enough);
      if (!question) break;
      delay();
      note(call, "send of an answer");
      const sender& to = answer_to_[**question];
      (void)to.send(*std::move(question));
    }
    note(call, "its end");
  }

  const traffic& traffic_;
  hang_watch::threads calls_;
  std::vector<unsigned> answered_;
  std::vector<sender> answer_to_;
};

// ---- judgements: what is wrong, or nothing --------------------------------------------------------

/// Each receiver sees the messages of one sender in the order in which they were sent.
inline std::string out_of_order(const traffic_report& r) {
  for (const receiver_report& receiver : r.receivers) {
    std::vector<std::uint32_t> last(most_threads, 0);
    for (const std::uint32_t value : receiver.received) {
      std::uint32_t& before = last[sender_of(value)];
      if (value <= before)
        return std::to_string(value) + " received after " + std::to_string(before);
      before = value;
    }
  }
  return {};
}

inline std::vector<std::uint32_t> sorted(std::vector<std::uint32_t> values) {
  std::ranges::sort(values);
  return values;
}
inline std::vector<std::uint32_t> all_received(const traffic_report& r) {
  std::vector<std::uint32_t> all;
  for (const auto& receiver : r.receivers)
    all.insert(all.end(), receiver.received.begin(), receiver.received.end());
  return sorted(std::move(all));
}
template <class Of>
std::vector<std::uint32_t> of_all_senders(const traffic_report& r, Of of) {
  std::vector<std::uint32_t> all;
  for (const sender_report& s : r.senders) all.insert(all.end(), (s.*of).begin(), (s.*of).end());
  return sorted(std::move(all));
}

/// What was sent to receivers that stayed is received.
inline std::string lost(const traffic_report& r) {
  std::vector<std::uint32_t> missing;
  std::ranges::set_difference(of_all_senders(r, &sender_report::accepted), all_received(r),
                              std::back_inserter(missing));
  return missing.empty() ? "" : std::to_string(missing.front()) + " sent and never received";
}

/// A message is received at most once, and none that was handed back or never sent; when all is
/// over, none is left.
inline std::string not_once(const traffic_report& r) {
  const auto received = all_received(r);
  if (const auto twice = std::ranges::adjacent_find(received); twice != received.end())
    return std::to_string(*twice) + " received twice";
  const auto handed_back = of_all_senders(r, &sender_report::handed_back);
  if (const auto twice = std::ranges::adjacent_find(handed_back); twice != handed_back.end())
    return std::to_string(*twice) + " handed back twice";
  std::vector<std::uint32_t> strange;
  std::ranges::set_difference(received, of_all_senders(r, &sender_report::accepted),
                              std::back_inserter(strange));
  if (!strange.empty()) return std::to_string(strange.front()) + " received but not sent";
  return r.left == 0 ? "" : std::to_string(r.left) + " messages left";
}

/// Each thread of the side that stayed saw `disconnected`, for ever, once the others had gone.
inline std::string unclean(const traffic_report& r, const traffic& t) {
  const auto saw = [](const auto& report) { return report.saw_disconnected; };
  if (!t.sends && !std::ranges::all_of(r.senders, saw)) return "a sender without disconnected";
  if (!t.receives && !std::ranges::all_of(r.receivers, saw))
    return "a receiver without disconnected";
  if (r.wrong_disconnect) return "disconnected at a wrong time";
  return r.left == 0 ? "" : std::to_string(r.left) + " messages left";
}

}  // namespace properties
