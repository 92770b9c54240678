// SPDX-License-Identifier: MIT
#pragma once

#include "book.hpp"
#include "references.hpp"

#include <string>

namespace runnel::cli::book {

/// One counterexample, a message that is handed over without release, explained for somebody who has never seen
/// an execution graph; with its title. Empty if there is none of this kind.
std::string opening_of(const contents& c, const references& links);

}  // namespace runnel::cli::book
