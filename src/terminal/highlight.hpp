// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace runnel::cli::html {

/// A line of C++ as HTML, in which comments, literals, numbers and keywords are elements of the classes "comment",
/// "string", "number" and "keyword", for which `page` has colours. `shown` makes HTML of the text in each. What
/// begins in another line (a block comment, a raw string) is not known of.
std::string highlighted(std::string_view line,
                        const std::function<std::string(std::string_view)>& shown);
std::string highlighted(std::string_view line);

}  // namespace runnel::cli::html
