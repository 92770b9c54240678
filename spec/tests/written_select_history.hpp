// SPDX-License-Identifier: MIT
//
// Histories with selects as tests write them down: as in written_history.hpp, but each operation names
// its channel, "x" or "y", a select has several ("A: x.recv | y.send 1"), and its response has the number
// of the case that it has done ("A: 1: ok"). Without a number it has failed ("A: timeout"; "A: nothing" if
// it has only tried).
#pragma once

#include "written_history.hpp"

#include <spec/select_history.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::spec {

class written_select_history {
 public:
  written_select_history(std::vector<recorded_selects::channel> channels,
                         const std::vector<std::string_view>& rows) {
    history_.channels = std::move(channels);
    for (const std::string_view row : rows) add(row);
  }
  [[nodiscard]] const recorded_selects& get() const { return history_; }

  written_select_history& ordered_by_thread_alone() {
    order_by_thread_alone(history_);
    return *this;
  }

 private:
  void add(std::string_view row) {
    if (row.size() < 4 || row.substr(1, 2) != ": ") not_a_row(row);
    const auto thread = static_cast<unsigned>(row[0] - 'A');
    const std::string_view rest = row.substr(3);
    const std::size_t arrow = rest.find(" -> ");
    if (under_way_.contains(thread)) return respond(thread, rest);
    invoke(thread, rest.substr(0, arrow));
    if (arrow != std::string_view::npos) respond(thread, rest.substr(arrow + 4));
  }
  void invoke(unsigned thread, std::string_view what) {
    under_way_[thread] = history_.calls.size();
    recorded_select& s = history_.calls.emplace_back();
    s.thread = thread;
    s.invoked = time_++;
    constexpr std::string_view biased = "biased ";
    if (what.starts_with(biased)) {
      s.biased = true;
      what.remove_prefix(biased.size());
    }
    if (what == text(op::request_stop)) {
      for (std::size_t c = 0; c < history_.channels.size(); ++c)
        s.cases.push_back({c, {op::request_stop, response::ok, 0}});
      return;
    }
    constexpr std::string_view bar = " | ";
    for (std::size_t end = 0; end != std::string_view::npos; what.remove_prefix(end + bar.size())) {
      end = what.find(bar);
      s.cases.push_back({static_cast<std::size_t>(what[0] - 'x'),
                         written_call(what.substr(2, end == what.npos ? end : end - 2))});
      if (end == what.npos) return;
    }
  }
  void respond(unsigned thread, std::string_view what) {
    recorded_select& s = history_.calls[under_way_.at(thread)];
    under_way_.erase(thread);
    s.responded = time_++;
    const std::size_t colon = what.find(": ");
    if (colon != std::string_view::npos) s.chosen = written_number(what.substr(0, colon));
    if (s.cases.size() == 1) s.chosen = 0;
    if (s.chosen)
      return add_response(s.cases[*s.chosen].call,
                          colon == what.npos ? what : what.substr(colon + 2));
    for (auto& c : s.cases) {
      if (what == "nothing")
        c.call.response = is_send(c.call.op) ? response::full : response::empty;
      else
        add_response(c.call, what);
    }
  }

  recorded_selects history_;
  std::map<unsigned, std::size_t> under_way_;
  std::uint64_t time_ = 0;
};

}  // namespace runnel::spec
