// SPDX-License-Identifier: MIT
#include "output_file.hpp"

#include "common_options.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path) {
  throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace

output_file::output_file(const std::string& path) : shown_(path), path_(path) {
  if (shown_ == standard_output) return;
  std::error_code ignored;
  const fs::path resolved = fs::weakly_canonical(path, ignored);
  if (!resolved.empty()) path_ = resolved.string();
  const fs::file_status status = fs::status(path_, ignored);
  if (fs::is_directory(status)) {
    errno = EISDIR;
    cannot_write(shown_);
  }
  if (fs::exists(status) && access(path_.c_str(), W_OK) != 0) cannot_write(shown_);
  // What /dev/stdout stands for may be a regular file, but it is open already: it is not replaced.
  const bool direct =
      path.starts_with("/dev/") || (fs::exists(status) && !fs::is_regular_file(status));
  if (!direct) temporary_ = path_ + ".tmp" + std::to_string(getpid());
  stream_.open(direct ? path_ : temporary_, std::ios::binary | std::ios::app);
  if (!stream_) cannot_write(shown_);
}

output_file::~output_file() {
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

std::ostream& output_file::stream() { return shown_ == standard_output ? std::cout : stream_; }

void output_file::commit() {
  if (shown_ == standard_output) {
    if (!std::cout.flush()) throw std::runtime_error("cannot write to the standard output");
    return;
  }
  errno = 0;
  stream_.close();
  if (!stream_) cannot_write(shown_);
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) cannot_write(shown_);
  temporary_.clear();
}

}  // namespace runnel::cli
