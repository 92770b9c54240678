// SPDX-License-Identifier: MIT
//
// What happens in an execution, told in sentences.
#pragma once

#include "drawing.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace runnel::cli {

/// What a thread does until another one goes on, in sentences.
struct turn {
  std::string thread;
  std::vector<std::string> sentences;
};

std::vector<turn> story_of(const drawing& d);

/// The place of an event and whose it is, or what it does if it has no place.
std::string where(const drawing& d, std::size_t event);

}  // namespace runnel::cli
