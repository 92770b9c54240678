// SPDX-License-Identifier: MIT
//
// The order sites of the library, read from its source: each atomic operation with its order, and
// what the comment above it claims. The grammar of these comments is in runnel/core/site.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace runnel::cli {

struct source_file {
  std::string name;
  std::string text;
};

struct order_site {
  std::string name;
  std::string file;
  std::size_t line = 0;
  std::string operation;            ///< load, store, exchange, ..., await, fence
  std::string object;               ///< what it is called on: the last name before the operation
  std::vector<std::string> orders;  ///< one, or of a compare-exchange success and failure
  std::vector<std::string> needs;
  std::vector<std::string> also;
  std::vector<std::string> handshake;
  std::string reason;
};

struct source_error {
  std::string file;
  std::size_t line = 0;
  std::string message;
};

struct order_table {
  std::vector<order_site> sites;     ///< in the order of the files and lines
  std::vector<source_error> errors;  ///< in the same order
};

/// Null if there is none of that name.
const order_site* site_called(const order_table& table, const std::string& name);

/// Reads all sites and checks that their comments agree with the code and with each other.
order_table read_orders(const std::vector<source_file>& files);

}  // namespace runnel::cli
