// SPDX-License-Identifier: MIT
#include "scenario_text.hpp"

#include "support/scenarios.hpp"

#include <array>
#include <cstddef>

namespace runnel::check::fuzz {

namespace {

constexpr std::size_t longest_line = 100;
constexpr std::array names{"first", "second", "third"};

/// On the next line if it is too long for one.
std::string definition(const char* name, const thread_program& t) {
  const std::string begin = std::string("  const thread_program ") + name + " =";
  const std::string value = text(t) + ";";
  const bool fits = begin.size() + 1 + value.size() <= longest_line;
  return begin + (fits ? " " : "\n      ") + value + "\n";
}

std::string flavour_of(const std::optional<std::size_t>& capacity) {
  return !capacity ? "unbounded" : *capacity == 0 ? "rendezvous" : std::to_string(*capacity);
}

std::string braced_program(const generated& g) {
  const auto& capacity = g.program.capacity;
  std::string braced = "{" + flavour_of(capacity) + ", {";
  for (std::size_t t = 0; t < g.program.threads.size(); ++t)
    braced += (t == 0 ? "" : ", ") + std::string(names.at(t));
  braced += "}";
  if (!capacity) braced += ", " + std::to_string(g.program.block_length);
  return braced + "}";
}

std::string registration_of(const generated& g, const std::string& variant) {
  const std::string call =
      g.failed_allocations != 0 ? "  file.without_memory(" : "  file.explored(";
  const std::string name = '"' + variant + "\",";
  const std::string rest = braced_program(g) + (g.mpmc ? ", true);" : ");");
  const bool fits = call.size() + name.size() + 1 + rest.size() <= longest_line;
  return call + name + (fits ? " " : "\n" + std::string(call.size(), ' ')) + rest + "\n";
}

/// A line for each step.
std::string definition(const char* name, const std::vector<select_step>& t) {
  std::string lines = std::string("  const std::vector<select_step> ") + name + " = {";
  for (const select_step& s : t)
    lines += (&s == t.data() ? "" : ",") + std::string("\n      ") + text(s);
  return lines + "};\n";
}

std::string registration_of(const select_program& p, bool mpmc, const std::string& variant) {
  std::string lines = "  const select_program program = {{";
  for (const auto& c : p.capacities)
    lines += (&c == p.capacities.data() ? "" : ", ") + flavour_of(c);
  lines += "}, {";
  for (std::size_t t = 0; t < p.threads.size(); ++t)
    lines += (t == 0 ? "" : ", ") + std::string(names.at(t));
  return lines + "}};\n  add_selects(file, \"" + variant +
         "\", search::random(repetitions),\n              program" + (mpmc ? ", true" : "") +
         ");\n";
}

}  // namespace

std::string scenario_text(const generated& g, const origin& from) {
  std::string file = "// SPDX-License-Identifier: MIT\n//\n";
  for (const std::string& line : from.remarks) file += "// " + line + "\n";
  file += g.selects ? "#include \"support/select_scenarios.hpp\"\n\n"
                    : "#include \"support/scenarios.hpp\"\n\n";
  file +=
      "namespace runnel::check {\nnamespace {\n\n"
      "void fill(scenario_file& file) {\n";
  const auto define = [&file](const auto& threads) {
    for (std::size_t t = 0; t < threads.size(); ++t) file += definition(names.at(t), threads[t]);
  };
  if (g.selects) {
    define(g.selects->threads);
    file += registration_of(*g.selects, g.mpmc, from.variant);
  } else {
    define(g.program.threads);
    file += registration_of(g, from.variant);
  }
  file +=
      "}\n\nconst register_file registered(__FILE__, fill);\n\n"
      "}  // namespace\n}  // namespace runnel::check\n";
  return file;
}

std::string scenario_name(std::string_view path, const origin& from) {
  return scenario_file(path).name(from.variant);
}

}  // namespace runnel::check::fuzz
