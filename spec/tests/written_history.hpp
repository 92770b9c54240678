// SPDX-License-Identifier: MIT
//
// Histories as tests write them down: one row for each invocation ("A: send 1") and response
// ("A: ok", "A: 1"), or for both in one ("A: send 1 -> ok"), in the order of time. A thread is a
// letter.
#pragma once

#include <spec/history_text.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::spec {

class written_history {
 public:
  written_history(std::optional<std::size_t> capacity, unsigned senders, unsigned receivers,
                  const std::vector<std::string_view>& rows) {
    history_.capacity = capacity;
    history_.senders = senders;
    history_.receivers = receivers;
    for (const std::string_view row : rows) add(row);
  }
  [[nodiscard]] const recorded_history& get() const { return history_; }

  /// Only what a thread does is ordered, as in a model where nothing else is by happens-before.
  written_history& ordered_by_thread_alone() {
    auto& predecessors = history_.predecessors.emplace(history_.calls.size());
    for (std::size_t i = 0; i < predecessors.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (history_.calls[j].thread == history_.calls[i].thread) predecessors[i].push_back(j);
      }
    }
    return *this;
  }

 private:
  void add(std::string_view row) {
    if (row.size() < 4 || row.substr(1, 2) != ": ") fail(row);
    const auto thread = static_cast<unsigned>(row[0] - 'A');
    const std::string_view rest = row.substr(3);
    const std::size_t arrow = rest.find(" -> ");
    if (arrow != std::string_view::npos) {
      invoke(thread, rest.substr(0, arrow));
      respond(thread, rest.substr(arrow + 4));
    } else if (under_way_.contains(thread)) {
      respond(thread, rest);
    } else {
      invoke(thread, rest);
    }
  }
  void invoke(unsigned thread, std::string_view what) {
    for (int i = 0; i <= static_cast<int>(op::drop_receiver); ++i) {
      const auto o = static_cast<op>(i);
      const std::string name = is_send(o) ? std::string(text(o)) + ' ' : text(o);
      if (is_send(o) ? !what.starts_with(name) : what != name) continue;
      under_way_[thread] = history_.calls.size();
      const std::uint32_t value = is_send(o) ? number(what.substr(name.size())) : 0;
      history_.calls.push_back({thread, {o, response::ok, value}, time_++, never});
      return;
    }
    fail(what);
  }
  void respond(unsigned thread, std::string_view what) {
    recorded_call& c = history_.calls[under_way_.at(thread)];
    under_way_.erase(thread);
    c.responded = time_++;
    for (int i = 0; i <= static_cast<int>(response::timeout); ++i) {
      c.call.response = static_cast<response>(i);
      if (what == text(c.call.response)) return;
    }
    c.call.response = response::ok;
    c.call.value = number(what);
  }
  static std::uint32_t number(std::string_view digits) {
    return static_cast<std::uint32_t>(std::stoul(std::string(digits)));
  }
  [[noreturn]] static void fail(std::string_view row) {
    throw std::invalid_argument("not a row of a history: " + std::string(row));
  }

  recorded_history history_;
  std::map<unsigned, std::size_t> under_way_;
  std::uint64_t time_ = 0;
};

}  // namespace runnel::spec
