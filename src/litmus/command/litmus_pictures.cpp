// SPDX-License-Identifier: MIT
#include "litmus_pictures.hpp"

#include "picture/dot.hpp"
#include "terminal/output_file.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <vector>

namespace runnel::cli {
namespace {

using litmus_core::event;

/// In an order that extends program order, and reads-from as far as there is no cycle.
std::vector<std::size_t> arranged(const litmus_core::execution& x) {
  std::vector<std::size_t> order;
  std::vector<bool> done(x.events.size());
  const auto add = [&](std::size_t e) {
    done[e] = true;
    order.push_back(e);
  };
  const auto is_next = [&](std::size_t e) {
    return !done[e] && (e == 0 || x.events[e - 1].thread != x.events[e].thread || done[e - 1]);
  };
  while (order.size() < x.events.size()) {
    const std::size_t before = order.size();
    for (std::size_t e = 0; e < x.events.size(); ++e) {
      const std::size_t source = x.events[e].source;
      if (is_next(e) && (source == event::initial || done[source])) add(e);
    }
    if (order.size() > before) continue;
    std::size_t e = 0;
    while (!is_next(e)) ++e;
    add(e);
  }
  return order;
}

class drawer {
 public:
  drawer(const litmus_core::program& p, const litmus_core::execution& x)
      : program_(p), x_(x), shown_(x.events.size(), none) {
    picture_.threads.emplace_back("before");
    for (std::size_t t = 0; t < p.threads.size(); ++t)
      picture_.threads.push_back('P' + std::to_string(t));
    picture_.threads.emplace_back("after");
    for (const std::size_t e : arranged(x)) add(e);
    for (const std::vector<std::size_t>& mo : x.mo) {
      for (std::size_t i = 0; i < mo.size(); ++i) picture_.events[shown_[mo[i]]].position = i + 1;
    }
  }

  /// Of the picture. An initial value becomes an event before the threads.
  std::size_t end_of(const litmus_core::cycle_edge& e, bool from) {
    const std::size_t end = from ? e.from : e.to;
    if (end != event::initial) return shown_[end];
    const std::size_t other = from ? e.to : e.from;
    const auto& of = program_.locations[other == event::initial ? 0 : x_.events[other].location];
    for (std::size_t i = 0; i < picture_.events.size(); ++i) {
      if (picture_.events[i].thread == 0 && picture_.events[i].object == of.name) return i;
    }
    model::picture_event& initial = picture_.events.emplace_back();
    initial.kind = model::step::store;
    initial.place = "initial value";
    initial.object = of.name;
    initial.written = std::to_string(of.initial);
    return picture_.events.size() - 1;
  }

  model::picture made() { return std::move(picture_); }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

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
    // What it reads from comes after it if there is a cycle.
    if (reads && from.source != event::initial && shown_[from.source] != none)
      to.source = shown_[from.source];
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

drawing drawing_of(const litmus_core::program& p, const litmus_core::forbidden_execution& f) {
  drawer of(p, f.is);
  drawing d;
  const litmus_core::violation& v = f.for_what.front();
  d.caption =
      p.name + ": forbidden by " + std::string(v.axiom) + " (" + std::string(v.formula) + ')';
  for (const litmus_core::cycle_edge& e : v.cycle)
    d.forbidden.push_back({of.end_of(e, true), of.end_of(e, false), std::string(e.relation)});
  d.picture = of.made();
  return d;
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
  write(d, std::to_string(asked_));
}

void picture_files::add(const litmus_core::forbidden_execution& f, std::size_t number) {
  write(drawing_of(*program_, f), "forbidden-" + std::to_string(number));
}

void picture_files::write(const drawing& d, const std::string& which) const {
  const std::string name = as_file_name(program_->name) + '-' + which + ".svg";
  output_file file((std::filesystem::path(folder_) / name).string());
  file.stream() << R"(<?xml version="1.0" encoding="UTF-8"?>)" << '\n' << svg_of(d) << '\n';
  file.commit();
}

}  // namespace runnel::cli
