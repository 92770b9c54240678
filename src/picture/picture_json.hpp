// SPDX-License-Identifier: MIT
#pragma once

#include <runnel/model/picture.hpp>

#include <nlohmann/json.hpp>

namespace runnel::cli {

nlohmann::ordered_json to_json(const model::picture& p);
/// Throws nlohmann::json::exception if it is none.
model::picture picture_from(const nlohmann::json& json);

}  // namespace runnel::cli
