// SPDX-License-Identifier: MIT
//
// Pages of HTML: self-contained, without scripts.
#pragma once

#include <string>
#include <string_view>

namespace runnel::cli::html {

/// As text of a page, or of any XML, or as value of an attribute. Control characters, which XML has not, are replaced.
std::string escape(std::string_view text);

/// An element with text in it: `<p class="…">…</p>`, the attribute only if it is not empty.
std::string element(std::string_view name, std::string_view text, std::string_view css_class = {});

/// A link; the address is relative.
std::string link(std::string_view address, std::string_view text);

/// As the name of a file, and of an address: what is not a letter, a digit, a dot or a hyphen is an
/// underscore.
std::string file_name(std::string_view text);

/// A whole page, which is well-formed XML too if `body` is. `own_style` is CSS for this page.
std::string page(std::string_view title, std::string_view body, std::string_view own_style = {});

}  // namespace runnel::cli::html
