// SPDX-License-Identifier: MIT
#include "report_text.hpp"

#include "terminal/text_output.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>

namespace runnel::stress {
namespace {

using cli::in_groups;
using cli::left;
using cli::right;

/// Messages that came out of the channels, per second.
double rate(const turn_counts& c) {
  return c.seconds > 0 ? static_cast<double>(c.all.received.count) / c.seconds : 0;
}

turn_counts total(const soak_report& r) {
  turn_counts sum;
  for (const combination_report& c : r.combinations) {
    sum.channels += c.counts.channels;
    sum.all += c.counts.all;
    sum.seconds += c.counts.seconds;
  }
  return sum;
}

std::string row(const std::string& name, std::size_t name_width, const turn_counts& c) {
  return left(name, name_width) + right(in_groups(c.channels), 10) +
         right(in_groups(c.all.sent.count), 14) + right(in_groups(c.all.destroyed.count), 12) +
         right(in_groups(c.all.handed_back), 13) + right(in_groups(c.all.disconnects), 13) +
         right(in_groups(static_cast<std::uint64_t>(std::llround(rate(c)))), 12) + '\n';
}

const char* verdict(const soak_report& r) {
  if (!r.failure.empty()) return "failed";
  return r.interrupted ? "interrupted" : "passed";
}

std::size_t count_taken(const soak_report& r) {
  return static_cast<std::size_t>(std::ranges::count_if(
      r.combinations, [](const combination_report& c) { return c.turns != 0; }));
}

std::string again(const soak_report& r) {
  return "runnel stress --seed " + std::to_string(r.seed) + " " + cli::shell_word(r.failed_in);
}

nlohmann::ordered_json to_json(const turn_counts& c) {
  return {{"channels", c.channels},
          {"sent", c.all.sent.count},
          {"received", c.all.received.count},
          {"destroyed", c.all.destroyed.count},
          {"handed_back", c.all.handed_back},
          {"disconnects", c.all.disconnects},
          {"seconds", c.seconds},
          {"received_per_second", rate(c)}};
}

}  // namespace

void write_text(std::ostream& out, const soak_report& r) {
  std::size_t width = 11;
  for (const combination_report& c : r.combinations) width = std::max(width, c.name.size());
  out << left("combination", width) << right("channels", 10) << right("sent", 14)
      << right("destroyed", 12) << right("handed back", 13) << right("disconnects", 13)
      << right("messages/s", 12) << '\n';
  for (const combination_report& c : r.combinations)
    if (c.turns != 0) out << row(c.name, width, c.counts);
  out << row("all", width, total(r));
  if (!r.failure.empty())
    out << "FAILED in '" << r.failed_in << "', seed " << r.seed << ": " << r.failure
        << "\n  once more, though with other schedules: " << again(r) << '\n';
  out << verdict(r) << ": " << count_taken(r) << " of " << r.combinations.size()
      << " combinations in " << cli::duration(r.seconds) << ", seed " << r.seed << '\n';
}

void write_json(std::ostream& out, const soak_report& r) {
  nlohmann::ordered_json all = {{"schema", 1},
                                {"version", cli::version_text()},
                                {"verdict", verdict(r)},
                                {"seed", r.seed},
                                {"seconds", r.seconds},
                                {"failed_in", r.failed_in},
                                {"failure", r.failure},
                                {"total", to_json(total(r))},
                                {"combinations", nlohmann::ordered_json::array()}};
  for (const combination_report& c : r.combinations) {
    nlohmann::ordered_json one = {{"name", c.name}, {"turns", c.turns}};
    one.update(to_json(c.counts));
    all["combinations"].push_back(one);
  }
  out << all.dump(2) << '\n';
}

}  // namespace runnel::stress
