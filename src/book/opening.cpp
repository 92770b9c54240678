// SPDX-License-Identifier: MIT
#include "opening.hpp"

#include "elements.hpp"
#include "terminal/html.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace runnel::cli::book {
namespace {

/// A race in which a thread writes plain data and then an atomic, which another one reads before it comes to the
/// data, without synchronizing.
struct hand_over {
  const step_entry* step;
  std::string site;
  std::size_t written;  ///< the events, in this order
  std::size_t stored;
  std::size_t loaded;
  std::size_t used;
};

std::optional<hand_over> hand_over_in(const step_entry& step, const std::string& site) {
  if (step.change != "release to relaxed" || !step.example || step.example->shown.missing.empty())
    return {};
  const drawing& d = step.example->shown;
  const auto race = racing(d.picture);
  if (race.empty()) return {};
  const auto [stored, loaded] = d.missing[0];
  const auto& events = d.picture.events;
  const auto in_order = [&](std::size_t a, std::size_t b) {
    return a < b && events[a].thread == events[b].thread;
  };
  const bool writes =
      events[race[0]].kind == model::step::construct || events[race[0]].kind == model::step::write;
  if (!writes || events[stored].place != site || !in_order(race[0], stored) ||
      !in_order(loaded, race[1]))
    return {};
  return hand_over{&step, site, race[0], stored, loaded, race[1]};
}

/// That of the ring, which everybody knows from a queue; else any.
std::optional<hand_over> hand_over_of(const contents& c) {
  std::optional<hand_over> found;
  for (const site_entry& e : c.sites) {
    for (const step_entry& step : e.steps) {
      const auto here = hand_over_in(step, e.site.name);
      if (here && (!found || e.site.name == "ring.publish")) found = here;
      if (found && found->site == "ring.publish") return found;
    }
  }
  return found;
}

/// "thread 0, ring.publish: store relaxed  stamp = 1".
std::string event_text(const drawing& d, std::size_t event, const references& links) {
  const model::picture_event& e = d.picture.events[event];
  return html::escape(d.picture.threads[e.thread]) +
         (e.place.empty() ? "" : ", <code>" + links.text(e.place) + "</code>") + ": <code>" +
         html::escape(operation_text(d, event)) + "</code>";
}

const char* const explained = R"html(<h2 id="opening">One execution that goes wrong</h2>
<p>Here {giver} hands something to {taker}. The order of one operation, {site}, has been made weaker:
{change}. This is the smallest execution that was found to fail then. How to read it, step by step:</p>
{picture}<ol class="steps">
<li><strong>Columns and boxes.</strong> Each column is a thread, and time goes down. A box is an <em>event</em>: one
thing that the thread does to memory. On top is where that stands in the source, below it what is done, to which
object, with which value. Dashed grey boxes are events that do not matter here. All together is an <em>execution
graph</em>.</li>
<li><strong>{written}.</strong> What is handed over is written: plain memory, not an atomic. Two threads may use such
memory one after the other, and never at once.</li>
<li><strong>{stored}.</strong> Then {giver} says that it is ready: it writes a new value to an atomic, which all threads
may use at any time.</li>
<li><strong>{loaded}.</strong> Now {taker} reads that atomic and finds the new value. The green arrow, <em>rf</em> for
<em>reads from</em>, goes from the write to the read that takes its value.</li>
<li><strong>{used}.</strong> So {taker} uses what was handed over.</li>
<li><strong>What is wrong.</strong> It looks as if these four came one after the other. But a relaxed write tells
nothing of what its thread did before: compiler and processor may let the two writes of {giver} become visible in the
other order. Then the atomic says “ready” before the memory is. Nothing orders the two red boxes, no other box
either. That, the red line, is a <em>data race</em>, and a C++ program that has one means nothing.</li>
<li><strong>What is missing.</strong> The dashed blue arrow. A write that is <em>release</em> and a read that is
<em>acquire</em> and reads from it <em>synchronize</em> (<em>sw</em>): all that came before the write in its thread
<em>happens before</em> all that comes after the read in the other. Then there is a way along the arrows from one red
box to the other, and no race.</li>
</ol>
<p>So the order of {site} is release and no less. This book says that of each order: what it is enough for, and the
execution that goes wrong without it.</p>
)html";

/// The text with each `{name}` replaced.
std::string filled_in(std::string_view text, const std::map<std::string, std::string>& by_name) {
  std::string all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    all += text.substr(at, open - at);
    if (open == text.size()) break;
    const std::size_t close = text.find('}', open);
    all += by_name.at(std::string(text.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
  return all;
}

}  // namespace

std::string opening_of(const contents& c, const references& links) {
  const auto found = hand_over_of(c);
  if (!found) return {};
  const drawing& d = found->step->example->shown;
  const auto thread_of = [&](std::size_t event) {
    return html::escape(d.picture.threads[d.picture.events[event].thread]);
  };
  return filled_in(explained, {{"giver", thread_of(found->written)},
                               {"taker", thread_of(found->used)},
                               {"site", links.site(found->site)},
                               {"change", html::escape(found->step->change)},
                               {"picture", shown_picture(*found->step, links)},
                               {"written", event_text(d, found->written, links)},
                               {"stored", event_text(d, found->stored, links)},
                               {"loaded", event_text(d, found->loaded, links)},
                               {"used", event_text(d, found->used, links)}});
}

}  // namespace runnel::cli::book
