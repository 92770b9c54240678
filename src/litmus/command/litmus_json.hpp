// SPDX-License-Identifier: MIT
#pragma once

#include "litmus/forbidden.hpp"
#include "litmus/search.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace runnel::cli {

/// What is known of one test.
struct litmus_result {
  std::string file;
  const litmus_core::program& program;
  const litmus_core::findings& found;
  litmus_core::model_name model;
  double seconds;
  const std::optional<litmus_core::forbidden>& explained;
};

nlohmann::ordered_json to_json(const litmus_result& r);

}  // namespace runnel::cli
