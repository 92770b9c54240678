// SPDX-License-Identifier: MIT
//
// What the pages of the book have in common.
#pragma once

#include "book.hpp"
#include "references.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli::book {

/// With a title that says what it is about, the way to the other pages, and the body.
file framed(std::string path, std::string_view about, const std::string& body,
            const references& links);

/// The order of an operation, of a compare-exchange both.
std::string orders_of(const order_site& s);

/// What is known of a step, in a word or two that stand out.
std::string verdict_mark(const step_finding& f);

/// With a space at each third digit.
std::string number(std::uint64_t n);

/// The path of the picture of a counterexample.
std::string picture_of(const step_entry& step);

/// Lines `first` to `last` of a source, counted from 1; some stand out. With anchors "line-N" if it is
/// to be linked to.
std::string code_block(const std::vector<std::string>& lines, std::size_t first, std::size_t last,
                       const std::set<std::size_t>& marked, const references& links, bool anchors);

}  // namespace runnel::cli::book
