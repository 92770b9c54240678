// SPDX-License-Identifier: MIT
#pragma once

#include "pages.hpp"

#include <cstddef>
#include <vector>

namespace runnel::cli::book {

/// A page with its title, the list of all pages beside it, and the way to the one before and the one after it.
file framed(const contents& c, const std::vector<page>& pages, std::size_t n);

}  // namespace runnel::cli::book
