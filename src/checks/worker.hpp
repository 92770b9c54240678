// SPDX-License-Identifier: MIT
//
// A scenario that runs in a forked child, so that whatever happens to it there is a result.
#pragma once

#include <check.hpp>

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runnel::cli {

/// A file descriptor that is closed at the end.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  ~descriptor() { reset(); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  void reset(int number = -1);
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

class worker {
 public:
  using clock = std::chrono::steady_clock;

  /// Starts the child. It lets go of what `others` have open.
  worker(const check::scenario& s, const check::options& options,
         const std::vector<std::unique_ptr<worker>>& others);
  /// Ends the child if it still runs.
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  [[nodiscard]] const check::scenario& scenario() const { return scenario_; }
  [[nodiscard]] std::uint64_t executions() const { return executions_; }
  [[nodiscard]] double part() const { return part_; }
  [[nodiscard]] double seconds() const;

  /// What to poll for; then read() takes what has come.
  void add_to(std::vector<pollfd>& polled) const;
  void read();

  /// Whether the child has ended, and all it had to say has been read.
  [[nodiscard]] bool finished();
  /// The result, once finished; a failure if there is none.
  [[nodiscard]] check::result result() const;
  /// Whether the check refused its options: then the message says why.
  [[nodiscard]] bool refused() const { return refused_; }
  /// Ends the child before it is finished: incomplete.
  check::result give_up(double limit);

 private:
  void close_all();
  void take_lines();
  void take_message(const std::string& line);
  [[nodiscard]] std::string how_it_ended() const;

  check::scenario scenario_;
  clock::time_point start_ = clock::now();
  pid_t child_ = -1;
  int status_ = 0;
  descriptor results_;  // lines of JSON
  descriptor output_;   // what the child writes to its standard output and error
  std::string unread_;
  std::string printed_;
  std::uint64_t executions_ = 0;
  double part_ = -1;
  bool refused_ = false;
  std::optional<check::result> result_;
};

}  // namespace runnel::cli
