// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "printer.hpp"

#include <cmath>
#include <cstdint>

namespace runnel::litmus_core {

namespace {

/// "0.07" of seconds.
std::string hundredths(double seconds) {
  const auto n = static_cast<std::uint64_t>(std::llround(seconds * 100));
  const std::string rest = std::to_string(n % 100);
  return std::to_string(n / 100) + '.' + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace

std::string verdict_text(const program& p, const findings& f) {
  const std::string bound = f.cut > 0 ? "Loop " : "";
  if (f.first_race) return bound + "Undef";
  return bound + (is_satisfied(p, f) ? "Ok" : "No");
}

std::string_view kind_text(const program& p) {
  switch (p.asks) {
    case quantifier::exists: return "Allowed";
    case quantifier::exists_not: return "Forbidden";
    case quantifier::for_all: break;
  }
  return "Required";
}

std::string_view observation_text(const findings& f) {
  if (f.positive == 0) return "Never";
  return f.negative == 0 ? "Always" : "Sometimes";
}

std::string outcome_text(const program& p, const std::vector<observed>& shown,
                         const std::vector<value>& outcome) {
  std::string s;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) s += ' ';
    s += name_of(p, shown[i]) + '=' + std::to_string(outcome[i]) + ';';
  }
  return s;
}

std::string report_text(const program& p, const findings& f, double seconds) {
  const std::vector<observed> shown = observed_by(p);
  std::string s = "Test " + p.name + ' ' + std::string(kind_text(p)) + '\n';
  s += "States " + std::to_string(f.outcomes.size()) + '\n';
  for (const auto& [outcome, executions] : f.outcomes) s += outcome_text(p, shown, outcome) + '\n';
  s += verdict_text(p, f) + "\nWitnesses\n";
  const bool is_swapped = p.asks == quantifier::exists_not;
  s += "Positive: " + std::to_string(is_swapped ? f.negative : f.positive) +
       " Negative: " + std::to_string(is_swapped ? f.positive : f.negative) + '\n';
  if (f.first_race) s += "Flag *undef*\n";
  s += "Condition " + condition_text(p) + '\n';
  s += "Observation " + p.name + ' ' + std::string(observation_text(f)) + ' ' +
       std::to_string(f.positive) + ' ' + std::to_string(f.negative) + '\n';
  if (seconds >= 0) s += "Time " + p.name + ' ' + hundredths(seconds) + '\n';
  return s + '\n';
}

}  // namespace runnel::litmus_core
