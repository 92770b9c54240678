// SPDX-License-Identifier: MIT
#include "result_json.hpp"

#include "picture/picture_json.hpp"
#include "report.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace runnel::cli {

std::string to_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

nlohmann::ordered_json to_json(const check::scenario& s) {
  return {{"name", s.name},
          {"file", s.file},
          {"engine", s.engine},
          {"search",
           {{"kind", name_of(s.search.kind)},
            {"bound", s.search.bound},
            {"executions", s.search.executions},
            {"seed", s.search.seed},
            {"faults", s.search.faults},
            {"failed_allocations", s.search.failed_allocations},
            {"reductions", check::names_of(s.search.reductions)}}},
          {"judged_by", s.judged_by},
          {"expected_failure", s.expected_failure}};
}

nlohmann::ordered_json to_json(const std::vector<check::observation>& observations) {
  auto list = nlohmann::ordered_json::array();
  for (const check::observation& o : observations)
    list.push_back({{"release", o.pair.release},
                    {"acquire", o.pair.acquire},
                    {"executions", o.executions},
                    {"continued", o.continued}});
  return list;
}

std::vector<check::observation> observations_from(const nlohmann::json& json) {
  std::vector<check::observation> list;
  for (const auto& o : json)
    list.push_back({{o.at("release").get<std::string>(), o.at("acquire").get<std::string>()},
                    o.at("executions").get<std::uint64_t>(),
                    o.at("continued").get<std::uint64_t>()});
  return list;
}

nlohmann::ordered_json to_json(const check::result& r) {
  return {{"verdict", static_cast<int>(r.verdict)},
          {"failure", r.failure},
          {"message", r.message},
          {"history", r.history},
          {"picture", to_json(r.picture)},
          {"weakened", r.weakened},
          {"failures", r.failures},
          {"is_smallest", r.is_smallest},
          {"replay", r.replay},
          {"executions", r.executions},
          {"details", r.details},
          {"sites", r.sites},
          {"observations", to_json(r.observations)}};
}

check::result result_from(const nlohmann::json& json) {
  check::result r;
  r.verdict = static_cast<check::verdict>(json.at("verdict").get<int>());
  r.failure = json.at("failure").get<std::string>();
  r.message = json.at("message").get<std::string>();
  r.history = json.at("history").get<std::string>();
  r.picture = picture_from(json.at("picture"));
  r.weakened = json.at("weakened").get<std::string>();
  r.failures = json.at("failures").get<std::uint64_t>();
  r.is_smallest = json.at("is_smallest").get<bool>();
  r.replay = json.at("replay").get<std::string>();
  r.executions = json.at("executions").get<std::uint64_t>();
  r.details = json.at("details").get<std::string>();
  r.sites = json.at("sites").get<std::vector<std::string>>();
  r.observations = observations_from(json.at("observations"));
  return r;
}

}  // namespace runnel::cli
