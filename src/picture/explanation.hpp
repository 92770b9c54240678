// SPDX-License-Identifier: MIT
//
// A failing execution explained: what each thread did, what was not ordered, what the right order would
// have added, and where all of that stands in the source.
#pragma once

#include "drawing.hpp"
#include "story.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace runnel::cli {

/// A place that the execution came to, with its line of code.
struct quoted_site {
  std::string name;
  std::string file;
  std::size_t line = 0;
  std::string code;
  bool weakened = false;
};

struct explanation {
  std::string title;     ///< what is explained: a scenario, a check, or a step
  std::string scenario;  ///< what was run, if that is not the title
  std::string failure;   ///< its kind
  std::string message;
  std::string found;  ///< among how many executions
  drawing shown;
  std::vector<turn> story;
  std::string
      remedy;  ///< what the right order would have changed, in a sentence or two; may be empty
  std::vector<quoted_site> sites;
  std::string command;  ///< that shows it again
};

/// Of a loop without an end the beginning, which is enough.
model::picture shortened(model::picture p);
/// How many executions fail in this way: a sentence, which may be empty.
std::string count_text(std::uint64_t failures, bool is_smallest);
/// The places of the events that are shown by themselves.
std::vector<std::string> places_shown(const drawing& d);

/// Tells the story of what is shown, and says where in the source it stands: the last step.
void tell(explanation& e);

/// As text, for a terminal.
void print(std::ostream& out, const explanation& e);

/// As HTML, for a page: everything but the title. `svg` is the picture.
std::string html_of(const explanation& e, const std::string& svg);

/// Writes the picture, and a page with all of it, into the directory, which is made if it is not there.
/// Returns their paths. Throws std::runtime_error if they cannot be written, or there is no Graphviz.
std::vector<std::string> write_files(const std::string& directory, const std::string& name,
                                     const explanation& e);

}  // namespace runnel::cli
