// SPDX-License-Identifier: MIT
#pragma once

namespace runnel::cli {

/// While it lives, SIGINT and SIGTERM do not end the program but are noted. One at a time.
class interrupt {
 public:
  interrupt();
  ~interrupt();
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;

  /// The signal that has arrived, or 0.
  [[nodiscard]] static int signal();
  /// Becomes readable when a signal arrives.
  [[nodiscard]] static int descriptor();
  /// In a forked child: leaves such signals to the parent, which ends its children itself.
  static void leave_to_parent();
};

}  // namespace runnel::cli
