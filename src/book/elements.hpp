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

/// The order of an operation, of a compare-exchange both.
std::string orders_of(const order_site& s);

/// What is known of a step, in a word or two that stand out.
std::string verdict_mark(const step_finding& f);

/// With a space at each third digit.
std::string number(std::uint64_t n);

/// The path of the picture of a counterexample.
std::string picture_of(const step_entry& step);

/// The picture of a counterexample, which is a link to itself. It shrinks with the page while its text can be
/// read.
std::string shown_picture(const step_entry& step, const references& links);

/// What may be wider than a narrow page, and scrolls there.
std::string wide(const std::string& what);

/// Lines `first` to `last` of a source, counted from 1; some stand out. With anchors "line-N" if it is
/// to be linked to.
std::string code_block(const std::vector<std::string>& lines, std::size_t first, std::size_t last,
                       const std::set<std::size_t>& marked, const references& links, bool anchors);

}  // namespace runnel::cli::book
