// SPDX-License-Identifier: MIT
#include "fuzz_run.hpp"

#include <fuzz/shrink.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace runnel::cli {
namespace {

using check::fuzz::generated;
using check::fuzz::subject;

/// So many programs are in memory at once.
constexpr std::uint64_t most_at_once = 1000;

check::scenario scenario_of(const subject& on, const generated& g) {
  check::scenario s;
  s.engine = "explorer";
  s.judged_by = check::judge::oracle;
  s.keeps_time = true;
  s.run = [run = on.run, g](const check::search&, const check::options& o) { return run(g, o); };
  return s;
}

class fuzz_run {
 public:
  fuzz_run(const subject& on, const fuzz_options& options) : subject_(on), options_(options) {}

  fuzz_report all() {
    for (std::uint64_t done = 0; done < options_.programs; done += most_at_once) {
      const std::uint64_t n = std::min(most_at_once, options_.programs - done);
      if (!is_over() && !report_.failure) {
        run_some(options_.first + done, n);
      } else {
        report_.not_run += n;
      }
    }
    if (report_.failure) shrink(*report_.failure);
    report_.seconds = seconds();
    return std::move(report_);
  }

 private:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(worker::clock::now() - start_).count();
  }
  [[nodiscard]] bool is_over() const {
    return options_.seconds > 0 && seconds() >= options_.seconds;
  }
  [[nodiscard]] run_options how() const {
    run_options how;
    how.jobs = options_.jobs;
    how.timeout = options_.timeout;
    how.check.limit = options_.limit;
    return how;
  }

  void run_some(std::uint64_t first, std::uint64_t n) {
    std::vector<generated> programs;
    std::vector<check::scenario> scenarios;
    for (std::uint64_t i = 0; i < n; ++i) {
      programs.push_back(check::fuzz::generate(options_.seed, first + i));
      scenarios.push_back(scenario_of(subject_, programs.back()));
    }
    bool failed = false;
    run_options options = how();
    options.enough = [&] { return failed || is_over(); };
    options.finished = [&](const report& r) {
      failed = failed || r.status == state::failed;
      if (options_.progress) options_.progress(++done_);
    };
    auto reports = run_checks(scenarios, options);
    for (std::uint64_t i = 0; i < n; ++i)
      note({first + i, std::move(programs[i]), reports[i].status, std::move(reports[i].result)});
  }

  /// What comes after a failure plays no part: it depends on how many run at once.
  void note(fuzzed f) {
    if (report_.failure || f.status == state::not_run) {
      ++report_.not_run;
      return;
    }
    report_.all_executions += f.result.executions;
    switch (f.status) {
      case state::passed: report_.executions.push_back(f.result.executions); break;
      case state::incomplete: report_.incomplete.push_back(f.number); break;
      default: report_.failure = {f, f, 0};
    }
  }

  void shrink(fuzz_failure& failure) {
    const auto fails = [&](const generated& g) {
      ++failure.tries;
      report r = run_checks({scenario_of(subject_, g)}, how()).front();
      if (r.status != state::failed || r.result.failure != failure.found.result.failure)
        return false;
      failure.shrunk.result = std::move(r.result);
      return true;
    };
    failure.shrunk.program = check::fuzz::shrink(failure.found.program, fails);
  }

  const subject& subject_;
  const fuzz_options& options_;
  fuzz_report report_;
  std::uint64_t done_ = 0;
  worker::clock::time_point start_ = worker::clock::now();
};

}  // namespace

fuzz_report run_fuzz(const subject& on, const fuzz_options& options) {
  return fuzz_run(on, options).all();
}

}  // namespace runnel::cli
