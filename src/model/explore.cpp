// SPDX-License-Identifier: MIT
#include "execution.hpp"
#include "explorer.hpp"

#include <runnel/model/explore.hpp>

#include <charconv>
#include <chrono>
#include <stdexcept>
#include <string_view>

namespace runnel::model {

namespace {

constexpr std::string_view replay_prefix = "run:";

std::uint64_t run_of(std::string_view replay) {
  std::uint64_t run = 0;
  if (replay.starts_with(replay_prefix)) {
    const std::string_view digits = replay.substr(replay_prefix.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), run);
    if (error == std::errc{} && end == digits.data() + digits.size() && run > 0) return run;
  }
  throw std::invalid_argument("the replay \"" + std::string(replay) +
                              "\" is not of the explorer, which has \"run:<number>\"");
}

class search {
 public:
  search(program& p, const explore_options& o)
      : options_(o), explorer_(p.threads() + 1), execution_(p, explorer_) {}

  explore_result run() {
    const std::uint64_t replayed = options_.replay.empty() ? 0 : run_of(options_.replay);
    for (std::uint64_t run = 1;; ++run) {
      const run_outcome outcome = execution_.run(run == replayed);
      count(outcome.end);
      if (outcome.end == run_end::failed || run == replayed) {
        finish(outcome, run);
        break;
      }
      if (!explorer_.advance()) break;
      if (cut(run)) {
        result_.end = end_of_search::cut;
        break;
      }
    }
    result_.revisits = explorer_.statistics().revisits;
    result_.events = explorer_.statistics().events;
    result_.time = elapsed();
    return std::move(result_);
  }

 private:
  void count(run_end end) {
    if (end == run_end::complete) ++result_.complete;
    if (end == run_end::blocked) ++result_.blocked;
    if (end == run_end::dropped) ++result_.dropped;
  }

  void finish(const run_outcome& outcome, std::uint64_t run) {
    result_.failure = outcome.kind;
    result_.message = outcome.message;
    result_.history = outcome.history;
    result_.replay = std::string(replay_prefix) + std::to_string(run);
    if (outcome.end != run_end::failed) return;
    result_.end = end_of_search::failed;
    if (!outcome.history.empty()) return;
    explorer_.rewind();
    const run_outcome again = execution_.run(true);
    result_.history = again.history;
    if (again.kind != outcome.kind || again.message != outcome.message)
      result_.history +=
          "This is not the execution that failed: the program does not do the same when it reads "
          "the same.\n";
  }

  bool cut(std::uint64_t run) {
    constexpr std::uint64_t interval = 1024;
    if (options_.limit != 0 && run >= options_.limit) return true;
    if (run % interval != 0) return false;
    if (options_.progress) options_.progress(run, explorer_.estimate());
    return options_.seconds > 0 && elapsed() > options_.seconds;
  }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const explore_options& options_;
  explorer explorer_;
  execution execution_;
  explore_result result_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

explore_result explore(program& p, const explore_options& options) {
  if (p.threads() > most_threads)
    throw std::invalid_argument("a program has at most " + std::to_string(most_threads) +
                                " threads");
  return search(p, options).run();
}

}  // namespace runnel::model
