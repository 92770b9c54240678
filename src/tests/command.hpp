// SPDX-License-Identifier: MIT
//
// Runs the runnel command in a process of its own, with scenarios made for the test.
#pragma once

#include "command_line.hpp"

#include <check.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace runnel::cli::testing {

/// How wide lines are is up to the tests, not to who runs them.
inline const int columns_unknown = unsetenv("COLUMNS");

using scenarios = std::vector<check::scenario>;
using arguments = std::vector<std::string>;

struct outcome {
  int status = -1;  ///< of the exit; negative: minus the signal
  std::string out;
  std::string err;
};

/// A directory of its own for each test.
class scratch {
 public:
  scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "runnel-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~scratch() { std::filesystem::remove_all(path_); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] std::vector<std::string> content() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    return names;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Everything until nobody has the other end open any more.
inline std::string read_to_end(int from) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(from, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  return text;
}

inline int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

[[noreturn]] inline void become_command(const arguments& args, const scenarios& all) {
  std::vector<const char*> argv = {"runnel"};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  check::registry() = all;
  const int status = run(static_cast<int>(argv.size()), argv.data());
  std::cout.flush();
  std::cerr.flush();
  _exit(status);
}

inline pid_t start(const arguments& args, const scenarios& all, const std::string& out,
                   const std::string& err) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDOUT_FILENO);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
  become_command(args, all);
}

inline outcome command(const arguments& args, const scenarios& all = {}) {
  const scratch files;
  outcome o;
  o.status = wait_for(start(args, all, files / "out", files / "err"));
  o.out = read_file(files / "out");
  o.err = read_file(files / "err");
  return o;
}

/// The same with a terminal as standard output and error. Throws where the system has no pseudo-terminal
/// to give, as in a root file system without /dev/pts: the test fails, and says why.
inline outcome on_terminal(const arguments& args, const scenarios& all, bool no_color = false) {
  std::fflush(nullptr);
  int terminal = -1;
  const winsize size{24, 100, 0, 0};
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == -1)
    throw std::runtime_error("this test needs a pseudo-terminal: forkpty: " +
                             std::system_category().message(errno));
  if (child == 0) {
    setenv("TERM", "xterm", 1);
    if (no_color) {
      setenv("NO_COLOR", "1", 1);
    } else {
      unsetenv("NO_COLOR");
    }
    become_command(args, all);
  }
  outcome o;
  o.out = read_to_end(terminal);
  close(terminal);
  o.status = wait_for(child);
  return o;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

#define EXPECT_CONTAINS(text, part) \
  EXPECT_TRUE(::runnel::cli::testing::contains(text, part)) << "in: " << (text)
#define EXPECT_LACKS(text, part) \
  EXPECT_FALSE(::runnel::cli::testing::contains(text, part)) << "in: " << (text)

// Scenarios.

inline check::result passing(std::uint64_t executions = 17) {
  check::result r;
  r.executions = executions;
  return r;
}

inline check::result failing(std::string_view kind = check::kind::data_race) {
  check::result r;
  r.verdict = check::verdict::failed;
  r.failure = kind;
  r.message = "two threads write one cell";
  r.history = "thread 0 claims\nthread 1 claims\nthread 1 writes";
  r.replay = "full:0012";
  r.executions = 17;
  return r;
}

template <class F>
check::scenario scenario_of(std::string name, F run, std::string expected = {}) {
  return {std::move(name),
          "model_tests/scenarios/made_up.cpp",
          "explorer",
          check::search::bounded(3),
          std::move(expected),
          [run](const check::search&, const check::options& options) -> check::result {
            if constexpr (std::is_invocable_v<F, const check::options&>) {
              return run(options);
            } else {
              return run();
            }
          },
          std::string(check::judge::oracle)};
}

inline check::scenario good(std::string name = "a good one") {
  return scenario_of(std::move(name), [] { return passing(); });
}
inline check::scenario bad(std::string name = "a bad one") {
  return scenario_of(std::move(name), [] { return failing(); });
}

}  // namespace runnel::cli::testing
