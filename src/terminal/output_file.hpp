// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <ostream>
#include <string>

namespace runnel::cli {

/// A file that is there as a whole or not at all: written beside its place and then renamed.
/// Devices and pipes are written directly; "-" is the standard output.
class output_file {
 public:
  /// Throws std::runtime_error if the file cannot be written; nothing is changed yet.
  explicit output_file(const std::string& path);
  /// Without commit(): leaves things as they were.
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  std::ostream& stream();
  /// Throws std::runtime_error if not everything could be written.
  void commit();

 private:
  std::string shown_;
  std::string path_;
  std::string temporary_;  // empty: written directly
  std::ofstream stream_;
};

}  // namespace runnel::cli
