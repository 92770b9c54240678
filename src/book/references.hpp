// SPDX-License-Identifier: MIT
//
// Links between the pages of the book.
#pragma once

#include "book.hpp"

#include <set>
#include <string>
#include <string_view>

namespace runnel::cli::book {

/// The path of the page of a site, a source, and of the one with all scenarios.
std::string page_of_site(std::string_view site);
std::string page_of_source(std::string_view file);
inline constexpr std::string_view scenarios_page = "scenarios.html";
inline constexpr std::string_view model_page = "model.html";
inline constexpr std::string_view index_page = "index.html";

/// A scenario on the page with all of them.
std::string anchor_of(std::string_view scenario);

/// Links from a page whose directory is one below the top, or at the top.
class references {
 public:
  references(const contents& c, bool at_top);

  [[nodiscard]] std::string to(std::string_view path) const { return up_ + std::string(path); }
  [[nodiscard]] std::string site(std::string_view name) const;
  [[nodiscard]] std::string sites(const std::vector<std::string>& names) const;
  [[nodiscard]] std::string scenario(std::string_view name) const;
  [[nodiscard]] std::string source(std::string_view file, std::size_t line) const;
  /// Plain text, in which each name of a site becomes a link.
  [[nodiscard]] std::string text(std::string_view plain) const;

 private:
  std::string up_;
  std::set<std::string, std::less<>> sites_;
};

}  // namespace runnel::cli::book
