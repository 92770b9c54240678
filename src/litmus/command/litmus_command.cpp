// SPDX-License-Identifier: MIT
#include "litmus_command.hpp"

#include "litmus/forbidden.hpp"
#include "litmus/report.hpp"
#include "litmus/search.hpp"
#include "litmus_files.hpp"
#include "litmus_json.hpp"
#include "litmus_pictures.hpp"
#include "terminal/common_options.hpp"
#include "terminal/help_text.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace runnel::cli {
namespace {

struct litmus_options {
  std::vector<std::string> paths;
  std::string model = "rc11";
  unsigned rounds = litmus_core::search_options{}.rounds;
  std::uint64_t limit = 0;
  double timeout = 60;
  std::string json;
  std::string pictures;
  bool all_pictures = false;
  bool explains = false;
};

constexpr int all_well = 0;
constexpr int claim_refuted = 1;

/// Of a test: a question, which `exists` is, has two answers that are both well.
int status_of(const litmus_core::program& p, const litmus_core::findings& f) {
  if (!f.incomplete.empty() || f.first_race) return claim_refuted;
  if (p.asks == litmus_core::quantifier::exists) return all_well;
  return is_satisfied(p, f) ? all_well : claim_refuted;
}

constexpr std::size_t most_explained = 20;
/// Seconds after which it is said how long a search may take.
constexpr double patience = 2;
/// How much has to be done for an estimate of the time.
constexpr double least_estimated = 1e-6;

/// "3.2" for small ones, "70" for others.
std::string short_number(double n) {
  std::ostringstream s;
  s << std::fixed << std::setprecision(n < 10 ? 1 : 0) << n;
  return s.str();
}

std::string done_text(double done) {
  if (done < least_estimated) return "hardly any";
  return done < 1e-3 ? "less than 0.1 %" : "about " + short_number(done * 100) + " %";
}

class litmus_run {
 public:
  explicit litmus_run(const litmus_options& o)
      : options_(o),
        model_(*litmus_core::model_called(o.model)),
        json_instead_(o.json == standard_output) {
    if (!o.json.empty() && !json_instead_) file_.emplace(o.json);
    if (!o.pictures.empty()) pictures_.emplace(o.pictures);
  }

  int run() {
    int status = all_well;
    for (const std::string& path : litmus_files(options_.paths)) {
      if (interrupt::signal() != 0) break;
      const read_file file = read_litmus_file(path);
      if (!file.content.program) {
        std::cerr << file.error;
        refused_.push_back({{"file", file.path}, {"error", file.error}});
        status = wrong_use;
        continue;
      }
      const int one = run(file);
      if (status == all_well) status = one;
    }
    if (interrupt::signal() != 0) status = 128 + interrupt::signal();
    return status_after(status, [this] { write_json(); });
  }

 private:
  [[nodiscard]] litmus_core::search_options how_to_search(const litmus_core::program& p) {
    litmus_core::search_options how;
    how.model = model_;
    how.rounds = options_.rounds;
    how.limit = options_.limit;
    how.is_over = [this](double done) { return is_over(done); };
    if (pictures_)
      how.visit = [&](const litmus_core::execution& x, bool is_witness) {
        if (is_witness || options_.all_pictures) pictures_->add(x, caption(p, x));
      };
    return how;
  }

  static std::string caption(const litmus_core::program& p, const litmus_core::execution& x) {
    const auto shown = observed_by(p);
    return p.name + ": " + outcome_text(p, shown, outcome_of(p, x, shown));
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] bool is_over(double done) {
    if (!said_ && seconds() > patience) say_how_long(done);
    return interrupt::signal() != 0 || (options_.timeout > 0 && seconds() > options_.timeout);
  }

  /// Once, of a search that takes long.
  void say_how_long(double done) {
    said_ = true;
    std::cerr << running_ << ": after 2 s " << done_text(done) << " of the search is done";
    if (done >= least_estimated)
      std::cerr << ", all of it takes about " << short_number(seconds() / done)
                << " s if its parts are alike";
    if (options_.timeout > 0)
      std::cerr << "; it ends after " << short_number(options_.timeout) << " s (--timeout)";
    std::cerr << '\n';
  }

  int run(const read_file& file) {
    const litmus_core::program& p = *file.content.program;
    running_ = file.path;
    said_ = false;
    start_ = std::chrono::steady_clock::now();
    if (pictures_) pictures_->begin(p);
    const litmus_core::findings f = search(p, how_to_search(p));
    const double took = seconds();
    std::optional<litmus_core::forbidden> explained;
    if (options_.explains) explained = explain(p);
    if (explained && pictures_) draw(*explained);
    results_.push_back(to_json({file.path, p, f, model_, took, explained}));
    if (!json_instead_) {
      std::cout << report_text(p, f, took);
      if (explained) std::cout << forbidden_text(p, *explained, model_);
      if (!std::cout.flush()) throw std::runtime_error("cannot write to the standard output");
    }
    warn(file, f);
    return explained && !explained->incomplete.empty() ? claim_refuted : status_of(p, f);
  }

  litmus_core::forbidden explain(const litmus_core::program& p) {
    start_ = std::chrono::steady_clock::now();
    const auto over = [this](double done) { return is_over(done); };
    return why_forbidden(p, {.rounds = options_.rounds, .is_over = over}, model_, most_explained);
  }

  void draw(const litmus_core::forbidden& f) {
    for (std::size_t i = 0; i < f.shown.size(); ++i) pictures_->add(f.shown[i], i + 1);
  }

  void warn(const read_file& file, const litmus_core::findings& f) const {
    const auto say = [&](const std::string& what) {
      std::cerr << file.path << ": " << what << '\n';
    };
    if (f.first_race) {
      const litmus_core::program& p = *file.content.program;
      say("the behaviour is undefined: " + event_text(p, f.first_race->in, f.first_race->first) +
          " and " + event_text(p, f.first_race->in, f.first_race->second) + " race");
    }
    if (f.cut > 0)
      say("warning: " + std::to_string(f.cut) + " executions have gone through a loop " +
          std::to_string(options_.rounds) +
          " times and would go on (--unroll); outcomes may be missing");
    if (!f.incomplete.empty())
      say("incomplete: " + f.incomplete + "; " + done_text(f.done) + " of the search is done");
    if (pictures_ && pictures_->left_out() > 0)
      say("only " + std::to_string(picture_files::most) + " pictures are drawn, " +
          std::to_string(pictures_->left_out()) + " are not");
  }

  void write_json() {
    if (options_.json.empty()) return;
    const nlohmann::ordered_json j{
        {"schema", 1}, {"version", version_text()}, {"tests", results_}, {"refused", refused_}};
    std::ostream& out = json_instead_ ? std::cout : file_->stream();
    out << j.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    if (file_) return file_->commit();
    if (!out.flush()) throw std::runtime_error("cannot write to the standard output");
  }

  const litmus_options& options_;
  litmus_core::model_name model_;
  bool json_instead_;
  std::optional<output_file> file_;
  std::optional<picture_files> pictures_;
  nlohmann::ordered_json results_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json refused_ = nlohmann::ordered_json::array();
  std::chrono::steady_clock::time_point start_;
  std::string running_;
  bool said_ = false;
};

void add_options(CLI::App& command, litmus_options& options) {
  command.add_option("FILE", options.paths, "Litmus tests, or folders of files *.litmus")
      ->required()
      ->check(refuse_empty);
  command
      .add_option(
          "--model", options.model,
          "The memory model: rc11, cxx20, sc (sequential consistency) or tso (x86) (default: rc11)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"rc11", "cxx20", "sc", "tso"}));
  command
      .add_option("--unroll", options.rounds, "How often a loop may be gone through (default: 2)")
      ->type_name("N")
      ->check(CLI::Range(1, 100));
  add_limit(command, options.limit, "Executions of each test, after which it is incomplete");
  add_timeout(command, options.timeout, "Time for each test, after which it is incomplete");
  add_json(command, options.json);
  auto* const pictures =
      command
          .add_option("--picture", options.pictures,
                      "Draw the executions in which the condition holds, and with --explain the "
                      "forbidden candidates, as SVG files in DIR")
          ->type_name("DIR")
          ->check(refuse_empty);
  command.add_flag("--all", options.all_pictures, "With --picture: draw all executions")
      ->needs(pictures);
  command.add_flag(
      "--explain", options.explains,
      "Say of each candidate execution that would show the outcome, and is forbidden, which axiom "
      "it violates and by which cycle");
}

const char* const footer =
    "Languages: herd's C, and CppMem's. docs/litmus.md has what is supported in them.\n\n"
    "Examples:\n"
    "  runnel litmus model_tests/litmus/files\n"
    "  runnel litmus mp.litmus --model tso\n\n"
    "Exit status: 0 if each test was run, and what it claims with forall or ~exists holds; 1 if "
    "that does not "
    "hold, threads race, or a search is incomplete; 2 for a wrong use, and for what cannot be "
    "read; 130, 143 "
    "after SIGINT, SIGTERM.";

void become_litmus_command(CLI::App& app, int& status) {
  const auto options = std::make_shared<litmus_options>();
  add_options(app, *options);
  app.footer(footer);
  app.callback([options, &status] {
    const interrupt signals;
    status = litmus_run(*options).run();
  });
}

}  // namespace

void add_litmus_command(CLI::App& app, int& status) {
  become_litmus_command(
      *app.add_subcommand("litmus",
                          "Run litmus tests from files: which outcomes a memory model allows"),
      status);
}

int run_litmus_alone(int argc, const char* const* argv) {
  CLI::App app("Runs litmus tests: which outcomes a memory model allows");
  app.name("runnel_litmus");
  use_help_text(app);
  int status = 0;
  become_litmus_command(app, status);
  return run_parsed(app, argc, argv, status);
}

}  // namespace runnel::cli
