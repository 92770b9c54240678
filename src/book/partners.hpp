// SPDX-License-Identifier: MIT
#pragma once

#include "book.hpp"
#include "references.hpp"

#include <string>

namespace runnel::cli::book {

/// The sites with which this one synchronizes: how often that was seen, where, and what fails without that
/// edge alone; and those with which it has a handshake.
std::string partners_of(const contents& c, const order_site& s, const references& links);

}  // namespace runnel::cli::book
