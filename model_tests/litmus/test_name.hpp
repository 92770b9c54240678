// SPDX-License-Identifier: MIT
//
// What GoogleTest calls the test of a program.
#pragma once

#include "program.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace runnel::litmus {

inline std::string test_name(const testing::TestParamInfo<program>& info) {
  std::string name = std::to_string(info.index) + '_' + info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

}  // namespace runnel::litmus
