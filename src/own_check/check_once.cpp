// SPDX-License-Identifier: MIT
#include "check_once.hpp"

#include "model/judged.hpp"
#include "model/readable.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "weaker.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace runnel::model {

namespace {

void print_numbers(const explore_result& r) {
  std::cerr << readable(r.complete) << (r.complete == 1 ? " execution, " : " executions, ")
            << readable(r.blocked) << " blocked, " << readable(r.events) << " events, "
            << readable_time(r.time) << ", " << readable_size(r.memory) << '\n';
}

/// A line or two: what is said of the check, and the failure.
void print_headline(const std::string& text, const explore_result& r) {
  std::cerr << cli::wrap(text + r.failure + ": " + r.message, cli::prose_width(), 2, 0) << '\n';
  if (r.failures > 1)
    std::cerr << "  " << (r.is_smallest ? "(the smallest of " : "(the smallest so far of ")
              << readable(r.failures) << " executions that fail in this way)\n";
}

/// Its lines, and what would have helped.
void print_history(const cli::explanation& e, const explore_result& r) {
  std::cerr << '\n' << r.history << '\n';
  if (!e.remedy.empty()) std::cerr << cli::wrap(e.remedy, cli::prose_width(), 0) << "\n\n";
  std::cerr << "This execution alone: " << e.command
            << "\nAs a story and a picture: the same, with --explain DIR\n";
}

/// The story, the picture and a page.
void explain(const std::string& headline, const cli::explanation& e, const std::string& directory) {
  cli::explanation told = e;
  told.title = told.scenario = headline;
  cli::print(std::cerr, told);
  const auto files = cli::write_files(directory, e.title, e);  // before it is said: it may fail
  std::cerr << "\nwritten: " << cli::join(files, ", ") << '\n';
}

/// `said` is what is said of the check: "FAILED", say.
void tell_failure(const checked& c, const std::string& said, const explore_result& r,
                  const std::string& directory) {
  if (r.picture.events.empty()) {
    print_headline(c.name + ": " + said + ": ", r);
    if (!r.history.empty()) std::cerr << '\n' << r.history;
    if (!r.replay.empty()) std::cerr << "\nThis execution alone: " << replay_command(c, r) << '\n';
    return;
  }
  const cli::explanation e = explanation_of(c, r);
  if (directory.empty()) {
    print_headline(c.name + ": " + said + ": ", r);
    print_history(e, r);
  } else {
    explain(e.title + ": " + said, e, directory);
  }
}

exit_status verdict_on(const checked& c, const explore_result& r) {
  const bool fails = r.end == end_of_search::failed;
  if (!c.expected_failure.empty())
    return fails && r.failure == c.expected_failure ? passed : failed;
  return r.end == end_of_search::exhausted ? passed : failed;
}

/// What there is to say of a search in which nothing fails.
void tell_no_failure(const checked& c, const explore_result& r, bool is_replay) {
  std::cerr << c.name << ": ";
  if (!c.expected_failure.empty()) {
    std::cerr << "FAILED: expected is " << c.expected_failure << "; found is none: ";
  } else if (r.end == end_of_search::cut) {
    std::cerr << "NOT EXHAUSTIVE: a limit ended the search before an execution failed: ";
  } else if (is_replay) {
    std::cerr << "this execution does not fail\n\n" << r.history;
    return;
  } else {
    std::cerr << "passed: every execution was visited"
              << (c.left_out.empty() ? "" : ", but for those " + c.left_out) << ": ";
  }
  print_numbers(r);
}

void tell(const checked& c, const explore_result& r, bool is_replay, const std::string& directory) {
  if (r.end != end_of_search::failed) return tell_no_failure(c, r, is_replay);
  const std::string expected = c.expected_failure;
  const std::string verdict = c.status == passed ? "passed" : "FAILED";
  tell_failure(c, expected.empty() ? verdict : verdict + ": expected is " + expected + "; found is",
               r, directory);
}

}  // namespace

void add_once_options(CLI::App& app, explore_options& how, once_options& once) {
  app.add_option("--replay", how.replay, "Run one execution alone, and print what it does")
      ->type_name("ID");
  app.add_option("--weaken", once.weakened,
                 "Give an operation, by its place, a weaker order: \"push.publish:relaxed\"; of a "
                 "compare-exchange that fails \"pop.take:failure-relaxed\"")
      ->type_name("ORDER")
      ->check(cli::refuse_empty);
}

int check_once(const std::string& name, const std::string& called, program& p, explore_options how,
               const once_options& once) {
  result_files files(once.files);
  checked c{.name = name,
            .program = called,
            .expected_failure = once.expected_failure,
            .left_out = p.left_out(),
            .arguments = p.arguments(),
            .memory_model = how.memory_model};
  if (!once.weakened.empty()) c.weakening = weakening_called(once.weakened, p, how);
  how.weakened = c.weakening;
  if (how.jobs > 1) how.smallest = 0;
  show_progress(how);
  return explore_and_judge(p, how, [&](const explore_result& r) -> int {
    c.status = verdict_on(c, r);
    try {
      tell(c, r, !how.replay.empty(), once.files.explanations);
      files.write(c, r);
    } catch (const std::exception& e) {
      std::cerr << name << ": " << e.what() << '\n';
      return c.status == passed ? wrong_use : c.status;
    }
    return c.status;
  });
}

}  // namespace runnel::model
