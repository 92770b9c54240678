// SPDX-License-Identifier: MIT
//
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace runnel::model {

/// 1234567 is 1,234,567.
std::string readable(std::uint64_t n);
/// "12 ms", "3.4 s", "2 min 5 s", "3 h 12 min".
std::string readable_time(double seconds);
/// "312 KiB", "1.9 MiB".
std::string readable_size(std::uint64_t bytes);
/// "43 %" of 0.43.
std::string readable_part(double part);

}  // namespace runnel::model
