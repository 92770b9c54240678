// SPDX-License-Identifier: MIT
//
// JUnit XML, as servers of continuous integration read it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace runnel::cli {

enum class junit_verdict : std::uint8_t { passed, failed, error, skipped };

struct junit_case {
  std::string class_name;
  std::string name;
  double seconds = 0;
  junit_verdict verdict = junit_verdict::passed;
  std::string type = {};     ///< of a failure or an error
  std::string message = {};  ///< why it has not passed
  std::string details = {};
};

/// One suite. Texts may be any bytes: what is not UTF-8, or XML does not have, is replaced.
void write_junit(std::ostream& out, const std::string& suite, const std::vector<junit_case>& cases,
                 double seconds);

}  // namespace runnel::cli
