// SPDX-License-Identifier: MIT
#pragma once

#include "book.hpp"

#include <string>
#include <utility>
#include <vector>

namespace runnel::cli::book {

/// A part of the core, and its sites in the order in which they are to be read: those of its tour first.
struct chapter {
  std::string name;
  std::string text;  ///< what it does, as HTML
  std::vector<std::string> files;
  std::vector<std::pair<const site_entry*, std::string>> tour;  ///< with what each shows
  std::vector<const site_entry*> sites;
};

/// All sites are in one of them.
std::vector<chapter> chapters_of(const contents& c);

}  // namespace runnel::cli::book
