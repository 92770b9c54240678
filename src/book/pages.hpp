// SPDX-License-Identifier: MIT
//
// The pages of the book, each in a file of its own, before they are framed.
#pragma once

#include "book.hpp"

#include <string>

namespace runnel::cli::book {

struct page {
  std::string path;
  std::string name;  ///< what links to it say
  std::string body;
};

page overview_page(const contents& c);
page memory_model_page();
page all_scenarios_page(const contents& c);
page site_page(const contents& c, const site_entry& entry);
page source_page(const contents& c, const source_file& file);

}  // namespace runnel::cli::book
