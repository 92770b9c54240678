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

std::string braced_program(const generated& g) {
  const auto& capacity = g.program.capacity;
  std::string braced = !capacity        ? std::string("{unbounded, {")
                       : *capacity == 0 ? std::string("{rendezvous, {")
                                        : "{" + std::to_string(*capacity) + ", {";
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

}  // namespace

std::string scenario_text(const generated& g, const origin& from) {
  std::string file = "// SPDX-License-Identifier: MIT\n//\n";
  for (const std::string& line : from.remarks) file += "// " + line + "\n";
  file +=
      "#include \"support/scenarios.hpp\"\n\n"
      "namespace runnel::check {\nnamespace {\n\n"
      "void fill(scenario_file& file) {\n";
  for (std::size_t t = 0; t < g.program.threads.size(); ++t)
    file += definition(names.at(t), g.program.threads[t]);
  file += registration_of(g, from.variant);
  file +=
      "}\n\nconst register_file registered(__FILE__, fill);\n\n"
      "}  // namespace\n}  // namespace runnel::check\n";
  return file;
}

std::string scenario_name(std::string_view path, const origin& from) {
  return scenario_file(path).name(from.variant);
}

}  // namespace runnel::check::fuzz
