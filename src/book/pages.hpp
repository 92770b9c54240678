// SPDX-License-Identifier: MIT
//
// The pages of the book, each in a file of its own.
#pragma once

#include "book.hpp"

namespace runnel::cli::book {

file overview_page(const contents& c);
file memory_model_page(const contents& c);
file all_scenarios_page(const contents& c);
file site_page(const contents& c, const site_entry& entry);
file source_page(const contents& c, const source_file& file);

}  // namespace runnel::cli::book
