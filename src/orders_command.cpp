// SPDX-License-Identifier: MIT
#include "orders_command.hpp"

#include "orders.hpp"
#include "text_output.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

struct orders_options {
  std::string include = RUNNEL_INCLUDE_DIR;
  bool json = false;
  bool quiet = false;
};

source_file read_file(const fs::path& path, const fs::path& top) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || !text) throw std::runtime_error("cannot read " + path.string());
  return {path.lexically_relative(top).generic_string(), text.str()};
}

std::vector<source_file> read_sources(const fs::path& top) {
  std::vector<source_file> files;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    const fs::path extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".hpp" || extension == ".cpp"))
      files.push_back(read_file(entry.path(), top));
  }
  if (files.empty()) throw std::runtime_error("there is no C++ source in " + top.string());
  std::ranges::sort(files, {}, &source_file::name);
  return files;
}

void print_line(std::ostream& out, const std::string& title, const std::string& text) {
  constexpr std::size_t indent = 14;
  constexpr std::size_t width = 100;
  if (!text.empty()) out << "  " << left(title, indent - 2) << wrap(text, width, indent) << '\n';
}

void print_table(std::ostream& out, const order_table& table) {
  std::size_t name_width = 0;
  std::size_t place_width = 0;
  const auto place = [](const order_site& s) { return s.file + ":" + std::to_string(s.line); };
  for (const order_site& s : table.sites) {
    name_width = std::max(name_width, s.name.size());
    place_width = std::max(place_width, place(s).size());
  }
  for (const order_site& s : table.sites) {
    out << left(s.name, name_width) << "  " << left(place(s), place_width) << "  "
        << left(s.operation, 23) << "  " << join(s.orders, ", ") << '\n';
    print_line(out, "needs", s.needs.empty() ? "nothing" : join(s.needs, ", "));
    print_line(out, "also", join(s.also, ", "));
    print_line(out, "handshake", join(s.handshake, ", "));
    print_line(out, "reason", s.reason);
  }
}

nlohmann::ordered_json as_json(const order_table& table) {
  nlohmann::ordered_json all = {{"schema", 1},
                                {"sites", nlohmann::ordered_json::array()},
                                {"errors", nlohmann::ordered_json::array()}};
  for (const order_site& s : table.sites)
    all["sites"].push_back({{"site", s.name},
                            {"file", s.file},
                            {"line", s.line},
                            {"operation", s.operation},
                            {"orders", s.orders},
                            {"needs", s.needs},
                            {"also", s.also},
                            {"handshake", s.handshake},
                            {"reason", s.reason}});
  for (const source_error& e : table.errors)
    all["errors"].push_back({{"file", e.file}, {"line", e.line}, {"message", e.message}});
  return all;
}

int run_orders(const orders_options& options) {
  const order_table table = read_orders(read_sources(options.include));
  if (options.json) {
    std::cout << as_json(table).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << '\n';
  } else if (!options.quiet) {
    print_table(std::cout, table);
  }
  for (const source_error& e : table.errors)
    std::cerr << e.file << ':' << e.line << ": error: " << e.message << '\n';
  if (!options.json)
    std::cout << table.sites.size() << " order sites, " << table.errors.size() << " errors\n";
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("cannot write to the standard output");
  return table.errors.empty() ? 0 : 1;
}

}  // namespace

void add_orders_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand(
      "orders",
      "Print the memory order of each atomic operation of the library, what it\n"
      "synchronizes with and why, and check that the claims agree with each other");
  const auto options = std::make_shared<orders_options>();
  command->add_option("--include", options->include, "Read the sources below DIR")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command->add_flag("--json", options->json, "Print JSON instead of a table");
  command->add_flag("-q,--quiet", options->quiet, "Print only what is wrong, and a count");
  command->footer(
      "Exit status: 0 if all is well, 1 if a comment is wrong or missing, 2 for a wrong use.\n"
      "The comments are explained in runnel/core/site.hpp, the JSON in src/README.md.");
  command->callback([options, &status] { status = run_orders(*options); });
}

}  // namespace runnel::cli
