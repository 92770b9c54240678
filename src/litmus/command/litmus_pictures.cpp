// SPDX-License-Identifier: MIT
#include "litmus_pictures.hpp"

#include "picture/dot.hpp"
#include "terminal/output_file.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace runnel::cli {
namespace {

using litmus_core::event;

/// In an order that extends program order and reads-from.
std::vector<std::size_t> arranged(const litmus_core::execution& x) {
  std::vector<std::size_t> order;
  std::vector<bool> done(x.events.size());
  while (order.size() < x.events.size()) {
    const std::size_t before = order.size();
    for (std::size_t e = 0; e < x.events.size(); ++e) {
      const bool is_first = e == 0 || x.events[e - 1].thread != x.events[e].thread || done[e - 1];
      const std::size_t source = x.events[e].source;
      if (done[e] || !is_first || (source != event::initial && !done[source])) continue;
      done[e] = true;
      order.push_back(e);
    }
    if (order.size() == before) throw std::logic_error("a cycle of program order and reads-from");
  }
  return order;
}

class drawer {
 public:
  drawer(const litmus_core::program& p, const litmus_core::execution& x)
      : program_(p), x_(x), shown_(x.events.size()) {
    picture_.threads.emplace_back("before");
    for (std::size_t t = 0; t < p.threads.size(); ++t)
      picture_.threads.push_back('P' + std::to_string(t));
    picture_.threads.emplace_back("after");
    for (const std::size_t e : arranged(x)) add(e);
    for (const std::vector<std::size_t>& mo : x.mo) {
      for (std::size_t i = 0; i < mo.size(); ++i) picture_.events[shown_[mo[i]]].position = i + 1;
    }
  }

  model::picture made() { return std::move(picture_); }

 private:
  void add(std::size_t e) {
    const event& from = x_.events[e];
    if (from.is == event::kind::write && from.rmw) {
      shown_[e] = shown_[e - 1];
      picture_.events[shown_[e]].written = std::to_string(from.value);
      return;
    }
    shown_[e] = picture_.events.size();
    model::picture_event& to = picture_.events.emplace_back();
    to.thread = from.thread + 1;
    to.order = from.order;
    to.place = "line " + std::to_string(from.at.line);
    if (from.is == event::kind::fence) {
      to.kind = model::step::fence;
      return;
    }
    to.object = program_.locations[from.location].name;
    const bool reads = from.is == event::kind::read;
    (reads ? to.read : to.written) = std::to_string(from.value);
    to.kind = from.plain ? (reads ? model::step::read : model::step::write)
              : from.rmw ? model::step::update
              : reads    ? model::step::load
                         : model::step::store;
    if (reads && from.source != event::initial) to.source = shown_[from.source];
  }

  const litmus_core::program& program_;
  const litmus_core::execution& x_;
  std::vector<std::size_t> shown_;  // of an event: which one of the picture it is
  model::picture picture_;
};

std::string as_file_name(std::string name) {
  for (char& c : name) {
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '+';
    if (!is_plain) c = '_';
  }
  return name;
}

}  // namespace

model::picture picture_of(const litmus_core::program& p, const litmus_core::execution& x) {
  return drawer(p, x).made();
}

picture_files::picture_files(const std::string& folder) : folder_(folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error("cannot make the folder " + folder + ": " + error.message());
}

void picture_files::begin(const litmus_core::program& p) {
  program_ = &p;
  asked_ = 0;
}

void picture_files::add(const litmus_core::execution& x, const std::string& caption) {
  if (++asked_ > most) return;
  drawing d;
  d.picture = picture_of(*program_, x);
  d.caption = caption;
  const std::string name = as_file_name(program_->name) + '-' + std::to_string(asked_) + ".svg";
  output_file file((std::filesystem::path(folder_) / name).string());
  file.stream() << R"(<?xml version="1.0" encoding="UTF-8"?>)" << '\n' << svg_of(d) << '\n';
  file.commit();
}

}  // namespace runnel::cli
