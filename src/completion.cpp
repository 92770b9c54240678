// SPDX-License-Identifier: MIT
#include "completion.hpp"

#include "checks/selection.hpp"
#include "orders/orders.hpp"
#include "orders/source_files.hpp"
#include "stress/soak.hpp"

#include <check.hpp>
#include <fuzz/subject.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <sstream>

namespace runnel::cli {
namespace {

using strings = std::vector<std::string>;

strings scenarios() {
  std::set<std::string> names;
  for (const check::scenario& s : check::registry()) names.insert(s.name);
  return {names.begin(), names.end()};
}

strings of_the_explorer() {
  strings names;
  for (const check::scenario& s : select(check::registry(), "", {"explorer"}, true))
    names.push_back(s.name);
  return names;
}

strings engines() {
  std::set<std::string> names{std::string(every_engine)};
  for (const check::scenario& s : check::registry()) names.insert(s.engine);
  return {names.begin(), names.end()};
}

strings sites() {
  strings names;
  for (const order_site& s : read_orders(read_sources(RUNNEL_INCLUDE_DIR)).sites)
    names.push_back(s.name);
  return names;
}

strings sites_and_scenarios() {
  strings names = sites();
  for (std::string& name : of_the_explorer()) names.push_back(std::move(name));
  return names;
}

strings combinations() {
  strings names;
  for (const stress::combination& c : stress::shipped_combinations()) names.push_back(c.name);
  return names;
}

strings broken_channels() {
  strings names;
  for (const check::fuzz::subject& s : check::fuzz::subjects())
    if (s.name != check::fuzz::shipped) names.push_back(s.name);
  return names;
}

/// Of what the options themselves do not know, by the command and the option.
strings values(const std::string& command, const CLI::Option& option) {
  static const std::map<std::string, strings (*)()> known = {
      {"check PATTERN", scenarios},        {"check --engine", engines},
      {"explain ID", sites_and_scenarios}, {"explain --scenario", of_the_explorer},
      {"fuzz --broken", broken_channels},  {"orders PATTERN", sites},
      {"stress PATTERN", combinations}};
  const bool has_place = option.get_positional();
  const auto found = known.find(command + " " + option.get_name(has_place));
  if (found != known.end()) return found->second();
  const std::string type = option.get_type_name();
  const std::size_t choice = type.find('{');
  if (choice == std::string::npos) return {};
  std::istringstream list(type.substr(choice + 1, type.find('}') - choice - 1));
  strings names;
  for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  return names;
}

strings options_of(const CLI::App& app) {
  strings names;
  for (const CLI::Option* o : app.get_options())
    if (!o->get_positional() && !o->get_group().empty())
      names.push_back("--" + o->get_lnames().front());
  return names;
}

/// What may stand at the end of these words, whatever is there of it.
strings candidates(const CLI::App& app, const strings& words) {
  const bool is_option = words.back().starts_with('-');
  if (words.size() == 1) return is_option ? options_of(app) : names_of_commands(app);
  const auto commands =
      app.get_subcommands([&](const CLI::App* c) { return c->get_name() == words.front(); });
  if (commands.empty()) return {};
  const CLI::App& command = *commands.front();
  if (is_option) return options_of(command);
  const CLI::Option* asked = command.get_option_no_throw(words[words.size() - 2]);
  if (asked == nullptr || asked->get_type_name().empty()) {
    const auto in_place = command.get_options([](const auto* o) { return o->get_positional(); });
    asked = in_place.empty() ? nullptr : in_place.front();
  }
  return asked == nullptr ? strings{} : values(command.get_name(), *asked);
}

}  // namespace

std::vector<std::string> names_of_commands(const CLI::App& app) {
  strings names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

int complete(const CLI::App& app, const std::vector<std::string>& words, std::ostream& out) {
  if (words.empty()) return 0;
  for (const std::string& name : candidates(app, words))
    if (name.starts_with(words.back())) out << name << '\n';
  return 0;
}

}  // namespace runnel::cli
