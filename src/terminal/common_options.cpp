// SPDX-License-Identifier: MIT
#include "common_options.hpp"

#include "parsed_command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>
#include <thread>

namespace runnel::cli {
namespace {

/// Of a limit, which is none if it is 0.
std::string with_default(const std::string& what, double value) {
  if (value == 0) return what + " (default: no limit)";
  std::ostringstream text;
  text.precision(12);
  text << what << "; 0: no limit (default: " << value << ")";
  return text.str();
}

std::string spellings(const std::string& now, const std::string& old) {
  return old.empty() ? now : now + "," + old;
}

}  // namespace

std::size_t default_jobs() { return std::clamp(std::thread::hardware_concurrency(), 1U, 1024U); }

CLI::Option* add_pattern(CLI::App& command, std::string& pattern, const std::string& of,
                         const std::string& old_spellings) {
  return command.add_option(spellings("PATTERN,--only", old_spellings), pattern,
                            "Only " + of +
                                " contains this, or matches it if it has one of *?[; a whole name "
                                "selects only itself");
}

CLI::Option* add_jobs(CLI::App& command, std::size_t& jobs, const std::string& what) {
  return command.add_option("-j,--jobs", jobs, what + " to run at once (default: as processors)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
}

CLI::Option* add_timeout(CLI::App& command, double& timeout, const std::string& what,
                         const std::string& old_spellings) {
  return command
      .add_option(spellings("--timeout", old_spellings), timeout, with_default(what, timeout))
      ->type_name("SECONDS")
      ->check(refuse_no_time);
}

CLI::Option* add_limit(CLI::App& command, std::uint64_t& limit, const std::string& what,
                       const std::string& old_spellings) {
  return command
      .add_option(spellings("--limit", old_spellings), limit,
                  with_default(what, static_cast<double>(limit)))
      ->type_name("N")
      ->check(refuse_no_count);
}

CLI::Option* add_executions(CLI::App& command, std::uint64_t& limit, const std::string& what,
                            const std::string& old_spellings) {
  return command
      .add_option(spellings("--limit", old_spellings), limit,
                  what + " (default: " + std::to_string(limit) + ")")
      ->type_name("N")
      ->check(refuse_zero);
}

CLI::Option* add_json(CLI::App& command, std::string& json) {
  return command
      .add_option_function<std::string>(
          "--json",
          [&json](const std::string& file) {
            if (file.empty()) throw CLI::ValidationError("--json", refuse_empty(file));
            json = file;
          },
          "Write the results as JSON to FILE; without it, or if it is -, to the standard "
          "output in the place of the text")
      ->type_name("FILE")
      ->expected(0, 1)
      ->default_str(standard_output);
}

CLI::Option* add_output(CLI::App& command, std::string& output, const char* type,
                        const std::string& what, const std::string& old_spellings) {
  return command.add_option(spellings("-o,--output", old_spellings), output, what)
      ->type_name(type)
      ->check(refuse_empty);
}

}  // namespace runnel::cli
