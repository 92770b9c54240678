// SPDX-License-Identifier: MIT
//
// What a check of people's own writes besides what it prints: an explanation, JSON, JUnit XML.
#pragma once

#include "picture/explanation.hpp"
#include "search_options.hpp"
#include "terminal/junit.hpp"
#include "terminal/output_file.hpp"

#include <runnel/model/check_orders.hpp>
#include <runnel/model/explore.hpp>

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runnel::model {

struct file_options {
  std::string explanations;  ///< a directory
  std::string json;
  std::string junit;
};

void add_file_options(CLI::App& app, file_options& files);

/// What was checked, and how it ended.
struct checked {
  std::string name;
  std::string program;           ///< as it was called
  std::string expected_failure;  ///< empty: none
  std::string left_out = {};     ///< of the executions on purpose
  std::string arguments = {};    ///< of the program's own
  model::memory_model memory_model = model::memory_model::rc11;
  std::optional<model::weakening> weakening = {};
  exit_status status = passed;
};

/// JSON and JUnit XML. A file is there as a whole or not at all.
class result_files {
 public:
  /// Throws std::invalid_argument if a file cannot be written; nothing is changed yet.
  explicit result_files(const file_options& files);
  /// The last step. Throws std::runtime_error if not everything could be written.
  void write(const checked& c, const explore_result& r);
  void write(const checked& c, const std::vector<order_finding>& findings);

 private:
  void write_cases(const checked& c, const std::vector<cli::junit_case>& cases, double seconds);

  std::optional<cli::output_file> json_;
  std::optional<cli::output_file> junit_;
};

/// The execution that fails, which has a picture. What the right order would have added is said of the
/// weakened one, or else of the fewest that would do.
cli::explanation explanation_of(const checked& c, const explore_result& r);

/// The command that runs the failing execution alone.
std::string replay_command(const checked& c, const explore_result& r);

/// Pages in the directory: for each order that is needed, how the check fails without it; and `index.html`,
/// which has them all. Returns its path.
std::string write_order_book(const std::string& directory, const checked& c,
                             const std::vector<order_finding>& findings);

}  // namespace runnel::model
