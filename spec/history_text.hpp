// SPDX-License-Identifier: MIT
//
// Histories as text: one column for each thread, one row for each invocation and response, so that
// calls that overlap are seen to do so.
#pragma once

#include "history.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace runnel::spec {

inline const char* text(op o) {
  constexpr std::array texts{"send",         "try_send",        "send_for",       "stoppable_send",
                             "recv",         "try_recv",        "recv_for",       "stoppable_recv",
                             "clone sender", "drop sender",     "clone receiver", "drop receiver",
                             "request stop", "close",           "closed",         "try_closed",
                             "closed_for",   "stoppable_closed"};
  return texts[static_cast<std::size_t>(o)];
}
inline const char* text(response r) {
  constexpr std::array texts{"ok", "disconnected", "full", "empty", "timeout", "stopped"};
  return texts[static_cast<std::size_t>(r)];
}

/// "recv_for", "try_send 1"
template <class Value>
std::string invocation_text(const basic_call<Value>& c) {
  std::string s = text(c.op);
  if (is_send(c.op)) s += ' ' + std::to_string(c.value);
  return s;
}
/// "2", "full"
template <class Value>
std::string response_text(const basic_call<Value>& c) {
  if (is_recv(c.op) && c.response == response::ok) return std::to_string(c.value);
  return text(c.response);
}
/// "recv_for -> 2", "try_send 1 -> full", "drop sender"
template <class Value>
std::string text(const basic_call<Value>& c) {
  if (!is_send(c.op) && !is_recv(c.op) && !awaits_close(c.op)) return text(c.op);
  return invocation_text(c) + " -> " + response_text(c);
}

inline std::string thread_text(unsigned thread) { return "thread " + std::to_string(thread); }

/// Prints a history and the judgement on it, in lines.
class history_table {
 public:
  history_table(const recorded_history& h, const judgement& j,
                std::string (*name_of_thread)(unsigned) = thread_text)
      : history_(h), judgement_(j), name_(name_of_thread), events_(events_of(h)) {}

  [[nodiscard]] std::vector<std::string> lines() {
    add_header();
    for (std::size_t e = 0; e < events_.size(); ++e) {
      const bool at_once = e + 1 < events_.size() && events_[e].call == events_[e + 1].call;
      add(e, at_once);
      if (at_once) ++e;
      if (judgement_.verdict == verdict::unexplained && e + 1 == judgement_.prefix) mark();
    }
    add_pending();
    std::vector<std::string> all = aligned();
    add_unordered(all);
    return all;
  }

 private:
  struct row {
    std::vector<std::string> cells;  // one for each thread, or none
    std::string note;                // after them
  };

  void add_header() {
    std::set<unsigned> threads;
    for (const recorded_call& c : history_.calls) threads.insert(c.thread);
    threads_.assign(threads.begin(), threads.end());
    row& header = rows_.emplace_back();
    for (const unsigned t : threads_) header.cells.push_back(name_(t));
  }

  [[nodiscard]] std::size_t column(std::size_t i) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(threads_, history_.calls[i].thread) -
                                    threads_.begin());
  }
  static std::string number(std::size_t i) { return '#' + std::to_string(i + 1); }

  /// A row in which other threads have a bar if one of their calls is under way.
  std::vector<std::string>& add_row() {
    std::vector<std::string>& cells = rows_.emplace_back().cells;
    cells.resize(threads_.size());
    for (const std::size_t i : under_way_) cells[column(i)] = "|";
    return cells;
  }

  void add(std::size_t e, bool at_once) {
    const std::size_t i = events_[e].call;
    const auto& c = history_.calls[i].call;
    if (events_[e].responds) under_way_.erase(i);
    std::string& cell = add_row()[column(i)];
    if (at_once) {
      cell = number(i) + ' ' + text(c);
    } else if (events_[e].responds) {
      cell = number(i) + " -> " + response_text(c);
    } else {
      cell = number(i) + ' ' + invocation_text(c);
      under_way_.insert(i);
    }
  }
  void mark() {
    rows_.back().note = "<-- no order explains this";
    if (judgement_.prefix != events_.size())
      rows_.push_back({{}, "--- not part of the shortest prefix that has no explanation:"});
  }
  void add_pending() {
    for (const std::size_t i : std::set(under_way_)) {
      std::string& cell = add_row()[column(i)];
      cell = number(i) + " has not returned";
      under_way_.erase(i);
    }
  }

  [[nodiscard]] std::vector<std::string> aligned() const {
    std::vector<std::size_t> width(threads_.size());
    for (const row& r : rows_) {
      for (std::size_t c = 0; c < r.cells.size(); ++c)
        width[c] = std::max(width[c], r.cells[c].size());
    }
    std::vector<std::string> all;
    for (const row& r : rows_) {
      std::string line;
      for (std::size_t c = 0; c < r.cells.size(); ++c)
        line += r.cells[c] + std::string(width[c] + 3 - r.cells[c].size(), ' ');
      line += r.note;
      line.erase(line.find_last_not_of(' ') + 1);
      all.push_back(std::move(line));
    }
    return all;
  }

  /// The rows suggest an order where happens-before may have none.
  void add_unordered(std::vector<std::string>& all) const {
    if (!history_.predecessors) return;
    for (std::size_t j = 0; j < history_.calls.size(); ++j) {
      std::string earlier;
      for (std::size_t i = 0; i < history_.calls.size(); ++i) {
        if (history_.ended_before(i, j) && !history_.happens_before(i, j))
          earlier += ' ' + number(i);
      }
      if (!earlier.empty())
        all.push_back(number(j) + " is not ordered by happens-before after" + earlier);
    }
  }

  const recorded_history& history_;
  const judgement& judgement_;
  std::string (*name_)(unsigned);
  const std::vector<event> events_;
  std::vector<unsigned> threads_;
  std::set<std::size_t> under_way_;
  std::vector<row> rows_;
};

/// The lines of the table as one text.
inline std::string text(const recorded_history& h, const judgement& j) {
  std::string all;
  for (const std::string& line : history_table(h, j).lines()) all += line + '\n';
  return all;
}

}  // namespace runnel::spec
