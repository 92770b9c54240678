// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string_view>

namespace runnel::cli {

/// A line that says how far something is, and is written over by the next. Nothing is written if the
/// descriptor is no terminal. Whoever shares one between threads takes turns.
class progress_line {
 public:
  progress_line(std::ostream& out, int descriptor);
  /// Clears the line.
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(std::string_view text);
  void clear();

 private:
  std::ostream& out_;
  const bool terminal_;
  bool shown_ = false;
};

}  // namespace runnel::cli
