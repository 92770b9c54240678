// SPDX-License-Identifier: MIT
#include "verifier_output.hpp"

#include <cctype>
#include <cstdlib>
#include <map>
#include <sstream>
#include <vector>

namespace runnel::spec {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The number that follows or precedes a text: Spin prints large ones as 1.2e+08.
std::uint64_t number_at(const std::string& line, std::size_t at) {
  return static_cast<std::uint64_t>(std::strtod(line.c_str() + at, nullptr));
}

std::uint64_t number_after(const std::string& line, std::string_view words) {
  const std::size_t at = line.find(words);
  return at == std::string::npos ? 0 : number_at(line, at + words.size());
}

/// Nothing that `check` asks for may be switched off.
std::string missing_in(const std::string& output, const planned_check& check) {
  if (!contains(output, "Full statespace search for:"))
    return "this was no search of all states: " + output.substr(0, 500);
  if (check.is_formula() && !contains(output, "+ (" + check.property + ")"))
    return "the formula " + check.property + " was not checked";
  if (check.fairness && !contains(output, "+ (fairness enabled)"))
    return "fairness was not assumed";
  if (!check.is_formula() && !contains(output, "invalid end states\t+"))
    return "deadlocks were not searched for";
  return {};
}

/// A search that was cut off by its depth says "errors: 0" and ends with status 0 (Spin 6.5.2), breadth
/// first as well.
std::string limit_in(const std::string& output) {
  for (const std::string_view sign :
       {"max search depth too small", "reached -DMEMLIM bound", "out of memory", "hashtable full",
        "Search not completed", "Interrupted"})
    if (contains(output, sign)) return "the search was cut off: " + std::string(sign);
  return {};
}

/// Spin reports as an error of the model also what is one of its own, such as a full hash table.
bool is_violation(std::string_view error) {
  return error.starts_with("assertion violated") || error.starts_with("invalid end state") ||
         error.starts_with("acceptance cycle");
}

void read_line(const std::string& line, verification& v) {
  constexpr std::string_view error = "pan:1: ";
  if (line.starts_with(error)) v.error = line.substr(error.size());
  if (line.starts_with("(Spin Version ")) v.spin = line.substr(14, line.find(" --") - 14);
  if (line.starts_with("State-vector")) v.numbers.depth = number_after(line, "depth reached ");
  if (contains(line, " states, stored")) v.numbers.states = number_at(line, 0);
  if (line.starts_with("compared ")) {
    v.numbers.labels = number_after(line, "compared ");
    v.numbers.pairs = number_after(line, "labels in ");
  }
}

std::string with_names(const std::string& line, const std::map<int, std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    char* end = nullptr;
    const long number = line[at] == '@' ? std::strtol(line.c_str() + at + 1, &end, 10) : 0;
    const auto name = names.find(static_cast<int>(number));
    if (line[at] == '@' && name != names.end()) {
      text += name->second;
      at = static_cast<std::size_t>(end - line.c_str());
    } else {
      text += line[at++];
    }
  }
  return text;
}

/// "\tmtype  TRY_SEND:\t14"
void read_name(const std::string& line, std::map<int, std::string>& names) {
  constexpr std::string_view head = "\tmtype  ";
  const std::size_t colon = line.find(':');
  if (!line.starts_with(head) || colon == std::string::npos) return;
  std::string name = line.substr(head.size(), colon - head.size());
  if (contains(name, "[")) return;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  names.emplace(static_cast<int>(number_at(line, colon + 2)), name);
}

}  // namespace

verification read_verification(const std::string& output, const planned_check& check) {
  verification v;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) read_line(line, v);
  v.incomplete = missing_in(output, check);
  if (v.incomplete.empty() && !v.error.empty() && !is_violation(v.error))
    v.incomplete = "the search was cut off: " + v.error;
  if (v.incomplete.empty() && v.error.empty()) v.incomplete = limit_in(output);
  if (v.incomplete.empty() && v.error.empty() && !contains(output, ", errors: 0"))
    v.incomplete = "the verifier did not say that there are no errors";
  return v;
}

std::uint64_t states_so_far(std::string_view line) {
  if (!line.starts_with("Depth=")) return 0;
  return number_after(std::string(line), "States=");
}

trail read_trail(const std::string& output) {
  constexpr std::string_view violated = "violated: ";
  trail t;
  std::map<int, std::string> names;
  std::vector<std::string> steps;
  bool over = false;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    over = over || line.starts_with("spin: trail ends");
    if (over) {
      read_name(line, names);
    } else if (line.starts_with(violated)) {
      t.violated = line.substr(violated.size());
    } else if (line.starts_with("<<<<<START OF CYCLE")) {
      steps.emplace_back("from here on, again and again:");
    } else if (!line.empty() && !line.starts_with("pan:") && !line.starts_with("MSC:")) {
      steps.push_back(line);
    }
  }
  for (const std::string& step : steps) t.steps += with_names(step, names) + '\n';
  return t;
}

}  // namespace runnel::spec
