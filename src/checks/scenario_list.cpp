// SPDX-License-Identifier: MIT
#include "scenario_list.hpp"

#include "report.hpp"
#include "result_json.hpp"
#include "terminal/common_options.hpp"
#include "terminal/output_file.hpp"
#include "terminal/text_output.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;
using scenarios = std::vector<check::scenario>;
using check::scenario;
using check::search_kind;

struct kind_of_search {
  bool (*is)(const scenario&);
  std::string_view name;
  std::string_view meaning;
};

bool is_full(const scenario& s, std::string_view engine) {
  return s.search.kind == search_kind::full && s.search.reductions.empty() && s.engine == engine;
}
bool is_reduced(const scenario& s) { return !s.search.reductions.empty(); }

constexpr kind_of_search kinds_of_search[] = {
    {[](const scenario& s) { return is_full(s, "explorer"); }, "full on the explorer",
     "all executions of the memory model RC11, each once."},
    {is_reduced, "reduced on the explorer",
     "the same, of executions that have the same results one: threads that are alike drop their "
     "handles in "
     "order (drops), an attempt that fails without effect is not made (retries), whether a look "
     "that decides "
     "nothing fails is a choice (guesses); all three, or those that are named."},
    {[](const scenario& s) { return is_full(s, "relacy"); }, "full with Relacy",
     "all executions of its model, where a load sees at most a one-step-stale "
     "value, not all that C++ allows."},
    {[](const scenario& s) { return is_full(s, "spin"); }, "full with Spin",
     "all states of the formal spec in a configuration; executions are states, or "
     "pairs of states where two specs are compared."},
    {[](const scenario& s) { return s.search.faults != 0; }, "faults N",
     "each thread may besides have N weak compare-exchanges that fail, and N waits that "
     "end, without a reason."},
    {[](const scenario& s) { return s.search.failed_allocations != 0; }, "no memory N",
     "N allocations that fail."},
    {[](const scenario& s) { return s.search.kind == search_kind::bounded; }, "bounded N",
     "schedules with at most N involuntary switches; not exhaustive."},
    {[](const scenario& s) {
       return s.search.kind == search_kind::random && s.engine != "threads";
     },
     "random N", "N schedules drawn from a seed; not exhaustive."},
    {[](const scenario& s) { return s.engine == "threads"; }, "random N on threads",
     "N executions on real threads with random delays, or as many as there is time for, "
     "which cannot be replayed; not exhaustive."},
};

std::string remarks_of(const scenario& s) {
  return (s.expected_failure.empty() ? "" : "  has to fail: " + s.expected_failure) +
         (s.is_long ? "  takes minutes" : "");
}

/// How wide the columns have to be.
struct widths {
  explicit widths(const scenarios& all) {
    for (const scenario& s : all) {
      engine = std::max(engine, s.engine.size());
      judge = std::max(judge, s.judged_by.size());
      search = std::max(search, describe(s.search).size());
    }
  }
  std::size_t engine = 6;
  std::size_t search = 6;
  std::size_t judge = 9;
};

void print_rows(std::ostream& out, const scenarios& all) {
  const widths width(all);
  for (const scenario& s : all)
    out << left(s.engine, width.engine) << "  " << left(describe(s.search), width.search) << "  "
        << left(judge_of(s), width.judge) << "  " << s.name << "  (" << s.file << ")"
        << remarks_of(s) << '\n';
}

/// What a group is about: the file of its scenarios, or for mistakes, of which each has its own, the directory.
std::string subject_of(const scenario& s) {
  const std::size_t mistakes = s.file.find("/mistakes/");
  return mistakes == std::string::npos ? s.file : s.file.substr(0, mistakes + 9);
}

bool is_a_sentence(const std::string& subject) {
  return subject.find("/scenarios/") != subject.npos;
}

std::string explanation_of(const std::string& subject) {
  if (subject.ends_with("/mistakes"))
    return "Mistakes in the formal spec, and in the C++ that has to agree with it: each has to be "
           "caught.";
  const std::string comment = opening_comment(fs::path(RUNNEL_SOURCE_DIR) / subject);
  return comment.substr(0, std::min(comment.find(". "), comment.size() - 1) + 1);
}

/// How many executions each has on the explorer, as far as that is recorded.
std::map<std::string, std::uint64_t> recorded_executions() {
  std::ifstream file(RUNNEL_EXECUTIONS);
  if (!file) return {};
  return nlohmann::json::parse(file).get<std::map<std::string, std::uint64_t>>();
}

void print_group(std::ostream& out, const std::string& subject, const scenarios& group,
                 const std::map<std::string, std::uint64_t>& recorded) {
  constexpr std::size_t number_width = 12;
  const widths width(group);
  out << '\n' << (is_a_sentence(subject) ? sentence_of(group.front()) : subject) << '\n';
  const std::string explanation = explanation_of(subject);
  if (!explanation.empty()) out << "  " << wrap(explanation, prose_width(), 2) << '\n';
  for (const scenario& s : group) {
    const auto known = recorded.find(s.name);
    const bool has_number = s.engine == "explorer" && known != recorded.end();
    const std::string name = is_a_sentence(subject) ? variant_of(s) : s.name;
    const std::size_t indent = 8 + width.engine + width.search + number_width;
    out << "    " << left(s.engine, width.engine) << "  " << left(describe(s.search), width.search)
        << right(has_number ? in_groups(known->second) : "", number_width) << "  "
        << wrap(name + remarks_of(s), row_width(), indent) << '\n';
  }
}

void print_groups(std::ostream& out, const scenarios& all) {
  std::map<std::string, scenarios> groups;
  for (const scenario& s : all) groups[subject_of(s)].push_back(s);
  const auto recorded = recorded_executions();
  out << wrap(
             "What is checked, in groups: the engine, what it searches, how many executions that "
             "are on the explorer, and the variant. Its name is that of the group with the variant "
             "in brackets; a part of it will do: runnel check 'the mutex'.",
             prose_width(), 0)
      << '\n';
  for (const bool sentences : {true, false})
    for (const auto& [subject, group] : groups)
      if (is_a_sentence(subject) == sentences) print_group(out, subject, group, recorded);
  out << '\n' << all.size() << " scenarios in " << groups.size() << " groups\n";
  for (const std::string& line : lines_of(describe_searches(all)))
    out << wrap(line, prose_width(), 0) << '\n';
}

void write_json(std::ostream& out, const scenarios& all) {
  const auto recorded = recorded_executions();
  nlohmann::ordered_json json = {
      {"schema", 1}, {"version", version_text()}, {"scenarios", nlohmann::ordered_json::array()}};
  for (const scenario& s : all) {
    nlohmann::ordered_json one = to_json(s);
    const auto known = recorded.find(s.name);
    const bool has_number = s.engine == "explorer" && known != recorded.end();
    one["is_long"] = s.is_long;
    one["recorded_executions"] =
        has_number ? nlohmann::ordered_json(known->second) : nlohmann::ordered_json();
    json["scenarios"].push_back(std::move(one));
  }
  out << json.dump(2) << '\n';
}

}  // namespace

std::string sentence_of(const scenario& s) { return s.name.substr(0, s.name.find(" (")); }

std::string variant_of(const scenario& s) {
  const std::size_t begin = s.name.find(" (");
  return begin == std::string::npos ? s.name : s.name.substr(begin + 2, s.name.size() - begin - 3);
}

std::string opening_comment(const fs::path& path) {
  std::ifstream in(path);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("//") && !line.starts_with("/*") && !line.starts_with(" *")) break;
    if (line.find("SPDX") != std::string::npos || line.size() < 4) continue;
    text += (text.empty() ? "" : " ") + line.substr(3);
  }
  return text;
}

std::string describe_searches(const scenarios& all) {
  std::string text;
  for (const kind_of_search& k : kinds_of_search)
    if (std::ranges::any_of(all, k.is))
      text += std::string(k.name) + ": " + std::string(k.meaning) + '\n';
  return text;
}

std::string help_on_searches() {
  std::string text;
  for (const kind_of_search& k : kinds_of_search)
    text += std::string(k.name) + '\t' + std::string(k.meaning) + '\n';
  return text;
}

int list(const scenarios& all, const std::string& json) {
  output_file out(json.empty() ? standard_output : json);
  if (!json.empty()) {
    write_json(out.stream(), all);
  } else if (is_on_terminal()) {
    print_groups(out.stream(), all);
  } else {
    print_rows(out.stream(), all);
  }
  out.commit();
  return 0;
}

}  // namespace runnel::cli
