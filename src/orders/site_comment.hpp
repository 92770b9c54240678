// SPDX-License-Identifier: MIT
//
// The machine-readable comment of an order site:
//
//     // ring.publish: needs ring.see_message; also ring.see_free
//     // The reason for the order.
#pragma once

#include "source_text.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace runnel::cli {

struct site_comment {
  std::size_t line = 0;
  std::vector<std::string> names;
  std::vector<std::string> needs;
  std::vector<std::string> also;
  std::vector<std::string> handshake;
  std::string reason;
  std::vector<std::string> mistakes;  ///< against the grammar
};

/// The comments on sites in a block of lines; none if it speaks of something else.
std::vector<site_comment> parse_site_comments(const comment_block& block);

}  // namespace runnel::cli
