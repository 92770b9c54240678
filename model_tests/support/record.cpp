// SPDX-License-Identifier: MIT
#include "record.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <optional>

namespace runnel::check {

namespace {

std::optional<std::uint64_t> recorded(const std::string& scenario) {
  std::ifstream file(RUNNEL_EXECUTIONS);
  if (!file) throw std::runtime_error("cannot read " RUNNEL_EXECUTIONS);
  const auto record = nlohmann::json::parse(file);
  const auto found = record.find(scenario);
  if (found == record.end()) return std::nullopt;
  return found->get<std::uint64_t>();
}

}  // namespace

void compare_with_record(const std::string& scenario, result& r) {
  if (r.verdict != verdict::passed) return;
  const auto expected = recorded(scenario);
  if (expected == r.executions) return;
  r.verdict = verdict::failed;
  r.failure = kind::drift;
  r.message = "there are " + std::to_string(r.executions) + " executions; executions.json has " +
              (expected ? std::to_string(*expected) : std::string("no number"));
}

}  // namespace runnel::check
