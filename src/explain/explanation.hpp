// SPDX-License-Identifier: MIT
//
// A failing execution explained: what each thread did, what was not ordered, what the right order would
// have added, and where all of that stands in the source.
#pragma once

#include "story.hpp"

#include "orders/orders.hpp"
#include "picture/drawing.hpp"

#include <check.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace runnel::cli {

/// A site that the execution came to, with its line of code.
struct quoted_site {
  std::string name;
  std::string file;
  std::size_t line = 0;
  std::string code;
  bool weakened = false;
};

struct explanation {
  std::string title;  ///< what is explained: a scenario, or a step
  std::string scenario;
  std::string failure;  ///< its kind
  std::string message;
  std::string found;  ///< among how many executions
  drawing shown;
  std::vector<turn> story;
  std::string
      remedy;  ///< what the right order would have changed, in a sentence or two; may be empty
  std::vector<quoted_site> sites;
  std::string command;  ///< that shows it again
};

/// The result has to have a picture. `sources` are those the table was read from.
explanation explain(const std::string& scenario, const check::result& result,
                    const order_table& table, const std::vector<source_file>& sources);

/// As text, for a terminal.
void print(std::ostream& out, const explanation& e);

/// As HTML, for a page: everything but the title. `svg` is the picture.
std::string html_of(const explanation& e, const std::string& svg);

}  // namespace runnel::cli
