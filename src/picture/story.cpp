// SPDX-License-Identifier: MIT
#include "story.hpp"

#include "model/place_name.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace runnel::cli {
namespace {

using model::picture_event;
using model::step;

class storyteller {
 public:
  explicit storyteller(const drawing& d) : d_(d), edges_(edges_of(d)) {}

  std::vector<turn> tell() {
    for (const drawn_node& node : nodes_of(d_, edges_)) {
      const std::string& thread = d_.picture.threads[node.thread];
      if (node.folded() && node.thread == 0) continue;
      if (turns_.empty() || turns_.back().thread != thread) turns_.push_back({thread, {}});
      auto& sentences = turns_.back().sentences;
      if (node.folded()) {
        sentences.push_back(std::to_string(node.events.size()) + " other events");
      } else {
        sentences.push_back(sentence(node.events[0]));
      }
    }
    return std::move(turns_);
  }

 private:
  [[nodiscard]] std::string sentence(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    if (e.kind == step::note) return capitalised(e.text);
    std::string s = e.place.empty() ? "It " : "At " + e.place + " it ";
    s += action(i);
    if (e.at_fault && model::reads(e) && e.awaits) s += ", and waits for ever";
    return s;
  }

  static std::string capitalised(std::string text) {
    if (!text.empty())
      text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
  }

  [[nodiscard]] std::string action(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    const std::string object = name_of(d_, e.object);
    const std::string order = " (" + std::string(model::text_of(e.order)) + ")";
    switch (e.kind) {
      case step::load:
        return (e.compares ? "fails to exchange " : "reads ") + object +
               (e.compares ? ", which is " : ": ") + e.read + order + source(i);
      case step::store: return "writes " + e.written + " to " + object + order;
      case step::update:
        return "changes " + object + " from " + e.read + " to " + e.written + order + source(i);
      case step::fence: return "comes to a fence" + order;
      case step::choice: return "takes choice " + e.written + " of " + e.read;
      case step::start: return "starts " + e.text;
      case step::join: return "joins " + e.text + ", which has ended";
      case step::construct: return "constructs a value in " + object;
      case step::read: return "reads " + object;
      case step::write: return "writes to " + object;
      case step::destroy: return "takes the value out of " + object + ", or destroys it";
      case step::begin: return "makes " + object;
      case step::end: return "ends the life of " + object;
      case step::use: return "uses " + (object.empty() ? "an object" : object);
      case step::note: return e.text;
      case step::failure: return "fails: " + e.text;
    }
    return {};
  }

  /// From whom the value is, if from another thread.
  [[nodiscard]] std::string source(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    if (e.source == picture_event::initial)
      return e.kind == step::load ? ", the initial value" : "";
    const picture_event& w = d_.picture.events[e.source];
    if (w.thread == e.thread) return {};
    const bool sw = std::ranges::any_of(
        edges_, [&](const drawn_edge& x) { return x.from == e.source && x.to == i && x.sw; });
    return ", from " + where(d_, e.source) + (sw ? ", and synchronizes with it" : "");
  }

  const drawing& d_;
  const std::vector<drawn_edge> edges_;
  std::vector<turn> turns_;
};

}  // namespace

std::vector<turn> story_of(const drawing& d) { return storyteller(d).tell(); }

std::string where(const drawing& d, std::size_t event) {
  const picture_event& e = d.picture.events[event];
  const std::string thread = d.picture.threads[e.thread];
  if (thread == "before" || thread == "after") return e.place + " " + thread + " the threads";
  if (e.place.empty()) return operation_text(d, event) + " of " + thread;
  return e.place + " of " + thread;
}

}  // namespace runnel::cli
