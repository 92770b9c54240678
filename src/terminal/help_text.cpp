// SPDX-License-Identifier: MIT
#include "help_text.hpp"

#include "text_output.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace runnel::cli {
namespace {

constexpr std::size_t description_column = 26;

std::string entry(const std::string& name, const std::string& description) {
  const std::string start = "  " + name;
  const bool fits = start.size() + 2 <= description_column;
  return (fits ? left(start, description_column)
               : start + '\n' + std::string(description_column, ' ')) +
         wrap(description, prose_width(), description_column) + '\n';
}

/// "N"; of a choice "{mpsc,mpmc}"; "[FILE]" if it may be left out; nothing of a flag.
std::string value_of(const CLI::Option& option) {
  std::string type = option.get_type_name();
  if (type.empty()) return {};
  const std::size_t checks = type.find(':');
  if (checks != std::string::npos)
    type = type[checks + 1] == '{' ? type.substr(checks + 1) : type.substr(0, checks);
  return option.get_expected_min() == 0 ? " [" + type + "]" : " " + type;
}

std::string names_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  if (names.empty()) names = "    ";
  return names + "--" + option.get_lnames().front() + value_of(option);
}

class formatter : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override {
    return wrap(app->get_description(), prose_width(), 0) + "\n\n";
  }

  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    if (!is_positional) std::erase_if(options, [](const auto* o) { return o->get_positional(); });
    std::string text = "\n" + std::move(group) + ":\n";
    for (const CLI::Option* o : options)
      text += entry(is_positional ? o->get_name(true) : names_of(*o), o->get_description());
    return text;
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return entry(command->get_name(), command->get_description());
  }

  std::string make_footer(const CLI::App* app) const override {
    std::string text;
    for (const std::string& line : lines_of(app->get_footer())) {
      const std::size_t tab = line.find('\t');
      if (tab != std::string::npos)
        text += entry(line.substr(0, tab), line.substr(tab + 1));
      else
        text += (line.starts_with(' ') ? line : wrap(line, prose_width(), 0)) + '\n';
    }
    return text;
  }
};

}  // namespace

void use_help_text(CLI::App& app) {
  app.formatter(std::make_shared<formatter>());
  app.get_formatter()->label("Positionals", "Arguments");
  app.set_help_flag("-h,--help", "Print this, and exit");
}

}  // namespace runnel::cli
