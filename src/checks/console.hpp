// SPDX-License-Identifier: MIT
//
// What `runnel check` prints for people.
#pragma once

#include "check_run.hpp"
#include "report.hpp"

#include <check.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

/// How a check failed, and the history or, unless the whole is wanted, its end.
void print_counterexample(std::ostream& out, const check::result& result, bool whole);

class console {
 public:
  /// Whole histories are shown on a replay, of others the end.
  console(std::ostream& out, const std::vector<check::scenario>& selected, bool replay);

  void head() const;
  void finished(const report& r);
  void still_running(const workers& running);
  void end(const std::vector<report>& reports, double seconds, int signal);

 private:
  [[nodiscard]] std::string coloured(std::string_view text, state s) const;
  void clear_line();
  void counterexample(const report& r) const;
  void remaining(const std::vector<report>& reports) const;

  std::ostream& out_;
  const std::vector<check::scenario>& selected_;
  const bool replay_;
  const bool terminal_;
  const bool colours_;
  std::size_t engine_width_ = 6;
  std::size_t search_width_ = 6;
  std::size_t judge_width_ = 9;
  std::size_t done_ = 0;
  std::size_t bad_ = 0;
  bool line_shown_ = false;
};

}  // namespace runnel::cli
