// SPDX-License-Identifier: MIT
#include "book_command.hpp"

#include "book.hpp"
#include "gather.hpp"
#include "terminal/common_options.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/progress_line.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

struct book_options {
  std::string directory;
  book::gather_options from;
};

constexpr std::array<std::string_view, 3> subdirectories{"sites", "sources", "pictures"};

/// What is no book must not be touched.
void require_room(const fs::path& top) {
  if (!fs::exists(top) || (fs::is_directory(top) && fs::is_empty(top))) return;
  std::ifstream index(top / "index.html");
  std::ostringstream text;
  text << index.rdbuf();
  if (text.str().find(book::title) == std::string::npos)
    throw std::runtime_error(top.string() + " is neither empty nor a book");
}

void write(const fs::path& top, const std::vector<book::file>& files) {
  for (const std::string_view directory : subdirectories) {
    fs::remove_all(top / directory);  // of an earlier book
    fs::create_directories(top / directory);
  }
  for (const book::file& f : files) {
    output_file out((top / f.path).string());
    out.stream() << f.text;
    out.commit();
  }
}

/// Counted for each kind of channel.
std::size_t steps_in(const book::contents& c) {
  std::size_t n = 0;
  for (const book::site_entry& site : c.sites) {
    for (const book::step_entry& s : site.steps) n += s.kinds_of_channel.size();
  }
  return n;
}

int run_book(book_options options) {
  require_room(options.directory);
  const interrupt signals;
  std::vector<std::string> errors;
  progress_line line(std::cerr, STDERR_FILENO);
  options.from.progress = [&line](std::string_view what, std::size_t done, std::size_t of) {
    line.show(std::string(what) + ": " + std::to_string(done) + "/" + std::to_string(of));
  };
  const book::contents c = book::gather(options.from, errors);
  line.clear();
  if (interrupt::signal() != 0) return 128 + interrupt::signal();
  for (const std::string& error : errors) std::cerr << "error: " << error << '\n';
  if (c.sites.empty()) return 1;
  const auto files = book::files_of(c);
  write(options.directory, files);
  std::cout << files.size() << " files: " << c.sites.size() << " sites, " << steps_in(c)
            << " steps weaker, " << c.scenarios.size() << " scenarios; " << errors.size()
            << " errors. Open " << (fs::path(options.directory) / "index.html").string() << '\n';
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("cannot write to the standard output");
  return errors.empty() ? 0 : 1;
}

}  // namespace

void add_book_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand(
      "book",
      "Write the order book: for each atomic operation its order, why it is enough, and "
      "the execution that goes wrong when it is one step weaker, as HTML with pictures");
  const auto options = std::make_shared<book_options>();
  options->from.include = RUNNEL_INCLUDE_DIR;
  options->from.scenario_sources = RUNNEL_SOURCE_DIR;
  options->from.record = RUNNEL_ORDERS;
  options->from.timeout = 120;
  options->from.executions = 20'000;
  options->from.jobs = default_jobs();
  add_output(*command, options->directory, "DIR", "Where to write it; index.html comes first",
             "DIR")
      ->required();
  command->add_option("--include", options->from.include, "Read the sources below DIR")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command->add_option("--record", options->from.record, "What is known of each step (JSON)")
      ->type_name("FILE");
  command
      ->add_option("--results", options->from.results,
                   "What runnel check --json has written, so that nothing is explored twice")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  add_jobs(*command, options->from.jobs, "Scenarios");
  add_executions(*command, options->from.executions,
                 "Executions more in which a smaller counterexample is looked for", "--executions");
  add_timeout(*command, options->from.timeout, "Time for each search");
  command->footer(
      "Examples:\n"
      "  runnel book order-book\n"
      "  runnel book order-book --results checks.json\n\n"
      "Exit status: 0 if all is as the comments and the record say, 1 if not, 2 for a wrong use.");
  command->callback([options, &status] { status = run_book(*options); });
}

}  // namespace runnel::cli
