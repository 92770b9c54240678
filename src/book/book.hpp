// SPDX-License-Identifier: MIT
//
// The order book: what is shown of each order site, on pages that need nothing but a browser. This is
// what the pages are made from; each page is a function of it.
#pragma once

#include "orders/claims.hpp"
#include "orders/exploration.hpp"
#include "orders/orders.hpp"
#include "orders/record.hpp"
#include "picture/explanation.hpp"

#include <check.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli::book {

/// A scenario of the shipped source as the explorer has explored it.
struct scenario_entry {
  check::scenario scenario;
  explored result;
};

/// A step in the kinds of channel for which one counterexample, or one argument, stands.
struct step_entry {
  std::string id;
  std::string change;
  std::vector<std::string> kinds_of_channel;
  step_finding finding;
  std::optional<explanation> example;  ///< if a scenario fails
  std::string svg;
};

struct site_entry {
  order_site site;
  std::vector<std::string> kinds_of_channel;
  std::vector<step_entry> steps;
};

struct contents {
  std::vector<source_file> sources;                   ///< those with sites
  std::map<std::string, std::string> scenario_files;  ///< what opens each, by its path
  std::vector<site_entry> sites;                      ///< in the order of the sources
  std::vector<scenario_entry> scenarios;              ///< by name
  std::vector<pair_account> pairs;
};

/// It is in the title of each page.
inline constexpr std::string_view title = "the order book of Runnel";

/// A file of the book, by its path in it.
struct file {
  std::string path;
  std::string text;
};

/// Its pages, each with the way to the next one, and its pictures.
std::vector<file> files_of(const contents& c);

}  // namespace runnel::cli::book
