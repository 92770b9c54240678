// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace runnel::model {

/// The lines of a history, without those that repeat what the lines before them say but for numbers: how
/// often they come is told instead, and the last time if it is another.
std::string folded(std::string_view history);

}  // namespace runnel::model
