// SPDX-License-Identifier: MIT
#include "progress_line.hpp"

#include <unistd.h>

#include <ostream>

namespace runnel::cli {

progress_line::progress_line(std::ostream& out, int descriptor)
    : out_(out), terminal_(isatty(descriptor) != 0) {}

progress_line::~progress_line() { clear(); }

void progress_line::show(std::string_view text) {
  if (!terminal_) return;
  out_ << "\r\033[K" << text << std::flush;
  shown_ = true;
}

void progress_line::clear() {
  if (shown_) show({});
  shown_ = false;
}

}  // namespace runnel::cli
