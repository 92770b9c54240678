// SPDX-License-Identifier: MIT
#include "result_json.hpp"

#include <cstdint>

namespace runnel::cli {

std::string to_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

nlohmann::ordered_json to_json(const check::result& r) {
  return {{"verdict", static_cast<int>(r.verdict)},
          {"failure", r.failure},
          {"message", r.message},
          {"history", r.history},
          {"replay", r.replay},
          {"executions", r.executions},
          {"details", r.details},
          {"sites", r.sites}};
}

check::result result_from(const nlohmann::json& json) {
  check::result r;
  r.verdict = static_cast<check::verdict>(json.at("verdict").get<int>());
  r.failure = json.at("failure").get<std::string>();
  r.message = json.at("message").get<std::string>();
  r.history = json.at("history").get<std::string>();
  r.replay = json.at("replay").get<std::string>();
  r.executions = json.at("executions").get<std::uint64_t>();
  r.details = json.at("details").get<std::string>();
  r.sites = json.at("sites").get<std::vector<std::string>>();
  return r;
}

}  // namespace runnel::cli
