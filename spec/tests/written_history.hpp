// SPDX-License-Identifier: MIT
//
// Histories as tests write them down: one row for each invocation ("A: send 1") and response
// ("A: ok", "A: 1"), or for both in one ("A: send 1 -> ok"), in the order of time. A thread is a
// letter.
#pragma once

#include <spec/history_text.hpp>

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::spec {

[[noreturn]] inline void not_a_row(std::string_view row) {
  throw std::invalid_argument("not a row of a history: " + std::string(row));
}

inline std::uint32_t written_number(std::string_view digits) {
  return static_cast<std::uint32_t>(std::stoul(std::string(digits)));
}

/// "recv", "send 1"
inline basic_call<std::uint32_t> written_call(std::string_view what) {
  for (int i = 0; i <= static_cast<int>(op::stoppable_closed); ++i) {
    const auto o = static_cast<op>(i);
    const std::string name = is_send(o) ? std::string(text(o)) + ' ' : text(o);
    if (is_send(o) ? !what.starts_with(name) : what != name) continue;
    return {o, response::ok, is_send(o) ? written_number(what.substr(name.size())) : 0};
  }
  not_a_row(what);
}

/// "full", "1"
inline void add_response(basic_call<std::uint32_t>& c, std::string_view what) {
  for (int i = 0; i <= static_cast<int>(response::stopped); ++i) {
    c.response = static_cast<response>(i);
    if (what == text(c.response)) return;
  }
  c.response = response::ok;
  c.value = written_number(what);
}

/// "a stop ends a wait": AStopEndsAWait, as the name of a test.
inline std::string name_of_sentence(std::string_view sentence) {
  std::string name;
  bool upper = true;
  for (const char c : sentence) {
    const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (is_letter)
      name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !is_letter;
  }
  return name;
}

/// Only what a thread does is ordered, as in a model where nothing else is by happens-before.
template <class History>
void order_by_thread_alone(History& h) {
  auto& predecessors = h.predecessors.emplace(h.calls.size());
  for (std::size_t i = 0; i < predecessors.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (h.calls[j].thread == h.calls[i].thread) predecessors[i].push_back(j);
    }
  }
}

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

  written_history& ordered_by_thread_alone() {
    order_by_thread_alone(history_);
    return *this;
  }

 private:
  void add(std::string_view row) {
    if (row.size() < 4 || row.substr(1, 2) != ": ") not_a_row(row);
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
    under_way_[thread] = history_.calls.size();
    history_.calls.push_back({thread, written_call(what), time_++, never});
  }
  void respond(unsigned thread, std::string_view what) {
    recorded_call& c = history_.calls[under_way_.at(thread)];
    under_way_.erase(thread);
    c.responded = time_++;
    add_response(c.call, what);
  }
  recorded_history history_;
  std::map<unsigned, std::size_t> under_way_;
  std::uint64_t time_ = 0;
};

}  // namespace runnel::spec
