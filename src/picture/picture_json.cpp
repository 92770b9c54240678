// SPDX-License-Identifier: MIT
#include "picture_json.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace runnel::cli {

nlohmann::ordered_json to_json(const model::picture& p) {
  auto events = nlohmann::ordered_json::array();
  for (const model::picture_event& e : p.events)
    events.push_back({{"kind", static_cast<int>(e.kind)},
                      {"thread", e.thread},
                      {"order", static_cast<int>(e.order)},
                      {"place", e.place},
                      {"object", e.object},
                      {"read", e.read},
                      {"written", e.written},
                      {"text", e.text},
                      {"source", e.source},
                      {"position", e.position},
                      {"target", e.target},
                      {"compares", e.compares},
                      {"awaits", e.awaits},
                      {"silent", e.silent},
                      {"at_fault", e.at_fault}});
  return {{"threads", p.threads}, {"files", p.files}, {"events", std::move(events)}};
}

model::picture picture_from(const nlohmann::json& json) {
  model::picture p;
  p.threads = json.at("threads").get<std::vector<std::string>>();
  p.files = json.at("files").get<std::map<std::string, std::string>>();
  for (const nlohmann::json& event : json.at("events")) {
    model::picture_event& e = p.events.emplace_back();
    e.kind = static_cast<model::step>(event.at("kind").get<int>());
    e.thread = event.at("thread").get<unsigned>();
    e.order = static_cast<std::memory_order>(event.at("order").get<int>());
    e.place = event.at("place").get<std::string>();
    e.object = event.at("object").get<std::string>();
    e.read = event.at("read").get<std::string>();
    e.written = event.at("written").get<std::string>();
    e.text = event.at("text").get<std::string>();
    e.source = event.at("source").get<std::size_t>();
    e.position = event.at("position").get<std::size_t>();
    e.target = event.at("target").get<unsigned>();
    e.compares = event.at("compares").get<bool>();
    e.awaits = event.at("awaits").get<bool>();
    e.silent = event.at("silent").get<bool>();
    e.at_fault = event.at("at_fault").get<bool>();
  }
  return p;
}

}  // namespace runnel::cli
