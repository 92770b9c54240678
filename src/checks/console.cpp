// SPDX-License-Identifier: MIT
#include "console.hpp"

#include "scenario_list.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <string>

namespace runnel::cli {
namespace {

constexpr std::size_t executions_width = 11;
constexpr std::size_t time_width = 12;
constexpr std::size_t verdict_width = 10;
constexpr std::size_t shown_lines = 300;

bool wants_colours(bool terminal) {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const term = std::getenv("TERM");
  return terminal && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

/// The first columns of a text in UTF-8, whole characters only.
std::string cut(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (starts && columns-- == 0) break;
  }
  return std::string(text.substr(0, end));
}

std::string how_far(const worker& w) {
  std::string text = std::to_string(w.executions());
  if (w.part() >= 0 && w.part() <= 1)
    text += " " + std::to_string(static_cast<int>(w.part() * 100)) + "%";
  return text;
}

std::string remark(const report& r) {
  if (r.status != state::passed || r.scenario.expected_failure.empty()) return {};
  const std::uint64_t n = r.result.executions;
  return "  (caught: " + r.result.failure + " after " + std::to_string(n) +
         (n == 1 ? " execution)" : " executions)");
}

}  // namespace

void print_counterexample(std::ostream& out, const check::result& result, bool whole) {
  const std::string failure = result.failure.empty() ? "" : result.failure + ": ";
  const std::string what = failure + result.message;
  for (const std::string& line : lines_of(what)) out << "    " << line << '\n';
  if (!result.details.empty()) out << "    " << result.details << '\n';
  const auto history = lines_of(result.history);
  const std::size_t skipped =
      whole || history.size() <= shown_lines ? 0 : history.size() - shown_lines;
  if (skipped != 0)
    out << "    ... " << skipped << " lines before; a replay and --json have them all\n";
  for (std::size_t i = skipped; i < history.size(); ++i) out << "    " << history[i] << '\n';
}

console::console(std::ostream& out, const std::vector<check::scenario>& selected, bool replay)
    : out_(out),
      selected_(selected),
      replay_(replay),
      terminal_(is_on_terminal()),
      colours_(wants_colours(terminal_)) {
  for (const check::scenario& s : selected) {
    engine_width_ = std::max(engine_width_, s.engine.size());
    judge_width_ = std::max(judge_width_, s.judged_by.size());
    search_width_ = std::max(search_width_, describe(s.search).size());
  }
}

void console::head() const {
  out_ << left("engine", engine_width_) << "  " << left("search", search_width_)
       << right("executions", executions_width) << right("time", time_width) << "  "
       << left("verdict", verdict_width) << "  " << left("judged by", judge_width_)
       << "  scenario\n";
  out_.flush();
}

std::string console::coloured(std::string_view text, state s) const {
  if (!colours_) return std::string(text);
  const char* const colour = s == state::passed ? "32" : s == state::failed ? "1;31" : "33";
  return std::string("\033[") + colour + "m" + std::string(text) + "\033[0m";
}

void console::clear_line() {
  if (line_shown_) out_ << "\r\033[K";
  line_shown_ = false;
}

void console::finished(const report& r) {
  clear_line();
  ++done_;
  const bool bad = r.status != state::passed;
  bad_ += bad;
  const std::string verdict(r.status == state::failed ? "FAILED" : name_of(r.status));
  out_ << left(r.scenario.engine, engine_width_) << "  "
       << left(describe(r.scenario.search), search_width_)
       << right(std::to_string(r.result.executions), executions_width)
       << right(duration(r.seconds), time_width) << "  "
       << coloured(left(verdict, verdict_width), r.status) << "  "
       << left(judge_of(r.scenario), judge_width_) << "  " << r.scenario.name << remark(r) << '\n';
  if (bad || replay_) counterexample(r);
  out_.flush();
}

void console::counterexample(const report& r) const {
  print_counterexample(out_, r.result, replay_);
  const std::string again = replay_command(r);
  if (!again.empty()) out_ << "    to run it again: " << again << '\n';
  if (r.scenario.engine == "explorer" && !again.empty())
    out_ << "    to see why: runnel explain " << shell_word(r.scenario.name) << '\n';
}

void console::still_running(const workers& running) {
  if (!terminal_) return;
  std::string line = std::to_string(done_) + "/" + std::to_string(selected_.size());
  if (bad_ != 0) line += ", " + std::to_string(bad_) + " not passed";
  const std::size_t width = terminal_width() - 1;
  const std::size_t each = (width - std::min(width, line.size())) / running.size();
  for (const auto& w : running) {
    const std::string far = how_far(*w);
    const std::size_t taken = far.size() + 5;
    line += " | " + cut(w->scenario().name, each > taken ? each - taken : 0) + ": " + far;
  }
  out_ << "\r\033[K" << cut(line, width);
  out_.flush();
  line_shown_ = true;
}

void console::remaining(const std::vector<report>& reports) const {
  for (const report& r : reports)
    if (r.status == state::failed || r.status == state::incomplete)
      out_ << coloured(r.status == state::failed ? "FAILED" : name_of(r.status), r.status) << "  "
           << r.scenario.name << " (" << r.scenario.engine << ")\n";
  for (const report& r : reports)
    if (r.status == state::not_run)
      out_ << coloured("not checked", r.status) << "  " << r.scenario.name << " ("
           << r.scenario.engine << ")\n";
}

void console::end(const std::vector<report>& reports, double seconds, int signal) {
  clear_line();
  const summary all = summarize(reports);
  out_ << '\n';
  if (signal != 0) out_ << "Interrupted by signal " << signal << ".\n";
  remaining(reports);
  out_ << all.selected << " scenarios: " << all.passed << " passed, " << all.failed << " failed, "
       << all.incomplete << " incomplete, " << all.not_run << " not run; " << all.executions
       << " executions in " << duration(seconds) << "\n";
  for (const std::string& line : lines_of(describe_searches(selected_)))
    out_ << wrap(line, prose_width(), 0) << '\n';
  if (all.not_run == 0)
    out_ << all.passed << " passed, " << all.failed + all.incomplete << " failed\n";
  out_.flush();
}

}  // namespace runnel::cli
