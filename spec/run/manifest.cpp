// SPDX-License-Identifier: MIT
#include "manifest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <stdexcept>

namespace runnel::spec {
namespace {

using nlohmann::json;

std::string in_words(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

/// The file that makes this verifier differ from others.
std::string file_of(const json& verifier) {
  const std::string cpp = verifier.value("cpp_mistake", "");
  if (!cpp.empty()) return "spec/mistakes/cpp/" + cpp + ".cpp";
  constexpr std::string_view option = "MISTAKE=";
  for (const auto& define : verifier.at("defines")) {
    const auto text = define.get<std::string>();
    const std::size_t at = text.find(option);  // or SELECT_MISTAKE
    if (at != text.npos) return "spec/mistakes/" + text.substr(at + option.size()) + ".pml";
  }
  return "spec/" + verifier.at("source").get<std::string>();
}

planned_check check_of(const json& verifier, const json& check) {
  planned_check c;
  c.verifier = verifier.at("id");
  c.file = file_of(verifier);
  c.property = check.at("property");
  c.fairness = check.value("fairness", false);
  c.verdict = check.at("verdict");
  c.numbers = {check.at("states"), check.at("depth"), check.value("pairs", std::uint64_t{0}),
               check.value("labels", std::uint64_t{0})};
  c.name = verifier.at("name");
  if (verifier.at("checks").size() > 1) c.name = in_words(c.property) + " (" + c.name + ")";
  return c;
}

}  // namespace

std::string text(const search_numbers& numbers) {
  std::string all =
      std::to_string(numbers.states) + " states, depth " + std::to_string(numbers.depth);
  if (numbers.labels != 0)
    all += ", " + std::to_string(numbers.pairs) + " pairs, " + std::to_string(numbers.labels) +
           " labels";
  return all;
}

std::vector<planned_check> read_manifest(const std::filesystem::path& file) try {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot be read");
  const json all = json::parse(in);
  std::vector<planned_check> checks;
  for (const json& verifier : all.at("verifiers")) {
    for (const json& check : verifier.at("checks")) {
      checks.push_back(check_of(verifier, check));
      checks.back().spin = all.at("spin");
    }
  }
  return checks;
} catch (const std::exception& e) {
  throw std::runtime_error(file.string() + ": " + e.what());
}

}  // namespace runnel::spec
