// SPDX-License-Identifier: MIT
#include "record.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <ostream>
#include <stdexcept>

namespace runnel::cli {
namespace {

step_finding finding_from(const nlohmann::json& step) {
  step_finding f;
  if (step.contains("scenario")) {
    f.verdict = necessity::killed;
    f.scenario = step["scenario"].get<std::string>();
    f.failure = step.at("failure").get<std::string>();
    f.executions = step.at("executions").get<std::uint64_t>();
  } else if (step.contains("argument")) {
    f.verdict = necessity::argued;
    f.argument = step["argument"].get<std::string>();
  } else {
    f.verdict = necessity::not_shown;
  }
  return f;
}

}  // namespace

std::string change_of(const step_key& key) {
  return key.partner.empty() ? key.change : "without " + key.partner;
}

order_record read_record(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  order_record record;
  try {
    const auto json = nlohmann::json::parse(file);
    record.sites = json.at("sites").get<decltype(record.sites)>();
    for (const auto& step : json.at("steps")) {
      const step_key key{step.at("site").get<std::string>(), step.at("step").get<std::string>(),
                         step.at("in").get<std::string>()};
      record.steps[key] = finding_from(step);
    }
    for (const auto& pair : json.at("pairs")) {
      const step_key key{pair.at("release").get<std::string>(),
                         {},
                         pair.at("in").get<std::string>(),
                         pair.at("acquire").get<std::string>()};
      record.steps[key] = finding_from(pair);
    }
  } catch (const nlohmann::json::exception& e) {
    throw std::runtime_error(path + " is not a record of order sites: " + e.what());
  }
  return record;
}

void write_record(std::ostream& out, const order_record& record) {
  nlohmann::ordered_json json = {{"sites", record.sites},
                                 {"steps", nlohmann::ordered_json::array()},
                                 {"pairs", nlohmann::ordered_json::array()}};
  for (const auto& [key, f] : record.steps) {
    nlohmann::ordered_json step;
    if (key.partner.empty()) {
      step = {{"site", key.site}, {"step", key.change}};
    } else {
      step = {{"release", key.site}, {"acquire", key.partner}};
    }
    step["in"] = key.kind_of_channel;
    if (f.verdict == necessity::killed)
      step.update({{"scenario", f.scenario}, {"failure", f.failure}, {"executions", f.executions}});
    if (f.verdict == necessity::argued) step["argument"] = f.argument;
    json[key.partner.empty() ? "steps" : "pairs"].push_back(std::move(step));
  }
  out << json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

}  // namespace runnel::cli
