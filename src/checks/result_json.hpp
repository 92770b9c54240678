// SPDX-License-Identifier: MIT
#pragma once

#include <check.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace runnel::cli {

/// On one line; bytes that are not UTF-8 are replaced.
std::string to_line(const nlohmann::ordered_json& json);

/// Who it is, and how it is searched.
nlohmann::ordered_json to_json(const check::scenario& s);

nlohmann::ordered_json to_json(const std::vector<check::observation>& observations);
std::vector<check::observation> observations_from(const nlohmann::json& json);

nlohmann::ordered_json to_json(const check::result& r);
check::result result_from(const nlohmann::json& json);

}  // namespace runnel::cli
