// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace bench {
namespace {

void parse_or_exit(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e) == 0 ? 0 : 2);
  }
}

}  // namespace

options parse(int argc, char** argv) {
  options o;
  std::string capacity = "unbounded";
  std::uint64_t interval = 0;
  std::string handles = "moved";
  CLI::App app{"Runs one workload over one kind of channel, and prints what it took as JSON"};
  app.add_option("--workload", o.workload)
      ->required()
      ->check(CLI::IsMember({"seq", "spsc", "mpsc", "mpmc", "pingpong", "latency", "blocked",
                             "slow", "select", "try_select", "select_rx", "select_both",
                             "coroutines", "pool"}));
  app.add_option("--capacity", capacity)
      ->check(CLI::IsMember({"unbounded"}) | CLI::NonNegativeNumber);
  app.add_option("--bytes", o.bytes)->check(CLI::IsMember({8, 64, 256}));
  app.add_option("--senders", o.senders)->check(CLI::PositiveNumber);
  app.add_option("--receivers", o.receivers)->check(CLI::PositiveNumber);
  app.add_option("--channels", o.channels)->check(CLI::PositiveNumber);
  app.add_option("--messages", o.messages)->check(CLI::PositiveNumber);
  app.add_option("--interval-ns", interval);
  app.add_option("--handles", handles)->check(CLI::IsMember({"moved", "by-reference"}));
  parse_or_exit(app, argc, argv);
  if (capacity != "unbounded") o.capacity = std::stoull(capacity);
  o.interval = std::chrono::nanoseconds(interval);
  o.by_reference = handles == "by-reference";
  return o;
}

std::chrono::seconds parse_seconds(int argc, char** argv, const char* description,
                                   const char* of_what) {
  int seconds = 5;
  CLI::App app{description};
  app.add_option("--seconds", seconds, of_what)->check(CLI::Range(1, 600));
  parse_or_exit(app, argc, argv);
  return std::chrono::seconds(seconds);
}

}  // namespace bench
