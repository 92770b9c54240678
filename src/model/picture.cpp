// SPDX-License-Identifier: MIT
//
// The picture of the execution that has just been run: the events of its graph, as far as the run has
// come, with what was logged between them.
#include <runnel/model/picture.hpp>

#include "execution.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace runnel::model {

// ---- What is logged

void execution::add_to_log(step kind, std::uint32_t object, std::string_view text, place where) {
  const engine_scope scope;
  log_.push_back(
      {running_, after_, self().position, kind, object, std::string(text), where, false});
}

void execution::blame(event_id e) { at_fault_.push_back(e); }

void execution::blame_current() {
  if (recording_) log_.back().at_fault = true;
}

/// The access of the object by the thread that was last at that point.
void execution::blame_earlier(const access_point& a, std::uint32_t id) {
  if (!recording_) return;
  const auto before = static_cast<std::size_t>(a.time - 1);
  if (records_[id].kind == object_kind::atomic && before > 0 &&
      before <= graph_->length(a.thread)) {
    const event_id e{a.thread, static_cast<std::uint16_t>(before - 1)};
    if (graph_->at(e).location == records_[id].location) return blame(e);
  }
  for (logged& l : std::views::reverse(log_)) {
    if (l.object != id || l.thread != a.thread || l.position > before || &l == &log_.back())
      continue;
    l.at_fault = true;
    return;
  }
}

/// The last of this kind; of an object, whatever has changed it is a write.
void execution::blame_last(std::uint32_t id, step kind) {
  if (!recording_) return;
  const auto changes = [](step s) {
    return s == step::write || s == step::construct || s == step::destroy;
  };
  for (logged& l : std::views::reverse(log_)) {
    const bool fits = l.kind == kind || (kind == step::write && changes(l.kind));
    if (l.object != id || !fits || &l == &log_.back()) continue;
    l.at_fault = true;
    return;
  }
}

// ---- The picture

class execution::drawing {
 public:
  explicit drawing(const execution& x) : x_(x), graph_(*x.graph_) {}

  picture make() {
    name_threads();
    name_locations();
    for (unsigned t = 0; t < graph_.threads(); ++t) add_thread(t);
    arrange();
    connect();
    return std::move(picture_);
  }

 private:
  /// Events are in the order in which the graph got them; what was logged comes after the event before
  /// it in its thread.
  struct placed {
    std::size_t stamp;
    std::size_t number;  // in the order of the threads
    picture_event shown;
    event_id reads_from = init_event;
    event_id write = init_event;
  };

  void name_threads() {
    picture_.threads.push_back(x_.program_.name_of_before());
    for (unsigned t = 1; t < graph_.threads(); ++t) picture_.threads.push_back(x_.name(t));
    picture_.threads.emplace_back("after");
  }

  void name_locations() {
    for (std::uint32_t id = 0; id < x_.records_.size(); ++id) {
      if (x_.records_[id].kind == object_kind::atomic)
        names_[x_.records_[id].location] = x_.name_of(id);
    }
    for (std::size_t i = 0; i < x_.queues_.size(); ++i)
      names_[x_.queues_[i].location] = "queue " + std::to_string(i);
  }

  void add_thread(unsigned t) {
    after_ = false;
    std::size_t stamp = 0;
    auto next = x_.log_.begin();
    const auto add_logged_up_to = [&](std::size_t position) {
      for (; next != x_.log_.end(); ++next) {
        if (next->thread != t) continue;
        if (next->position > position) break;
        add_logged(*next, stamp);
      }
    };
    add_logged_up_to(0);
    for (std::size_t i = 0; i < x_.fibers_[t].position; ++i) {
      const event_id id{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(i)};
      stamp = graph_.at(id).stamp;
      add_event(id);
      add_logged_up_to(i + 1);
    }
  }

  [[nodiscard]] unsigned column(unsigned thread, bool after) const {
    return thread == 0 && after ? graph_.threads() : thread;
  }

  std::string text_of_place(place known) {
    const place where = readable_place(known);
    if (*where.name == '\0') return {};
    std::string text = text_of(where);
    if (where.line != 0) picture_.files.try_emplace(text, where.name);
    return text;
  }

  void add_logged(const logged& l, std::size_t stamp) {
    const bool of_objects = l.kind == step::begin || l.kind == step::end || l.kind == step::use;
    if (of_objects && !l.at_fault) return;
    picture_event e;
    e.kind = l.kind;
    e.thread = column(l.thread, l.after);
    if (l.object != no_object) e.object = x_.name_of(l.object);
    e.text = l.text;
    e.place = text_of_place(l.place);
    e.at_fault = l.at_fault;
    placed_.push_back({stamp, placed_.size(), std::move(e)});
  }

  void add_event(event_id id) {
    const event& e = graph_.at(id);
    const bool of_threads = e.kind == event_kind::spawn || e.kind == event_kind::join;
    if (of_threads && e.location == 0) {
      after_ = e.kind == event_kind::join;
      return;
    }
    if (e.kind == event_kind::write && e.rmw) return add_write_of_update(id);
    placed p{e.stamp, placed_.size(), {}};
    picture_event& shown = p.shown;
    shown.thread = column(id.thread, after_);
    shown.order = e.order;
    shown.place = text_of_place(e.place);
    shown.at_fault = std::ranges::find(x_.at_fault_, id) != x_.at_fault_.end();
    shown.silent = e.silent;
    shown.awaits = e.await;
    shown.compares = e.op.kind == operation_kind::compare;
    if (of_threads) {
      shown.kind = e.kind == event_kind::spawn ? step::start : step::join;
      shown.target = e.location;
      shown.text = x_.name(e.location);
    }
    if (e.kind == event_kind::fence) shown.kind = step::fence;
    if (e.kind == event_kind::choice) {
      shown.kind = step::choice;
      shown.written = std::to_string(e.choice);
      shown.read = std::to_string(e.choices);
    }
    if (e.kind == event_kind::read || e.kind == event_kind::write) {
      const auto name = names_.find(e.location);
      if (name != names_.end()) shown.object = name->second;
      shown.kind = e.kind == event_kind::read ? step::load : step::store;
      (e.kind == event_kind::read ? shown.read : shown.written) = x_.value_text(e.value);
      (e.kind == event_kind::read ? p.reads_from : p.write) =
          e.kind == event_kind::read ? e.rf : id;
    }
    placed_.push_back(std::move(p));
  }

  /// The event before is its read.
  void add_write_of_update(event_id id) {
    placed& p = placed_.back();
    p.shown.kind = step::update;
    p.shown.written = x_.value_text(graph_.at(id).value);
    p.write = id;
  }

  /// Threads were added one after the other.
  void arrange() {
    std::ranges::sort(placed_, {}, [](const placed& p) { return std::pair(p.stamp, p.number); });
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      if (placed_[i].write != init_event) written_by_[key(placed_[i].write)] = i;
    }
  }

  static std::uint32_t key(event_id e) { return std::uint32_t{e.thread} << 16U | e.index; }

  void connect() {
    for (placed& p : placed_) {
      // A run that does not do the same again may not have come to the write.
      const auto write = written_by_.find(key(p.reads_from));
      if (write != written_by_.end()) p.shown.source = write->second;
      if (p.write != init_event) {
        // Of those that the run has come to.
        const event& w = graph_.at(p.write);
        const auto shown = [&](event_id other) { return written_by_.contains(key(other)); };
        const std::vector<event_id>& mo = graph_.at(w.location).mo;
        p.shown.position = static_cast<std::size_t>(
            std::count_if(mo.begin(), mo.begin() + static_cast<std::ptrdiff_t>(w.position), shown));
      }
    }
    for (placed& p : placed_) picture_.events.push_back(std::move(p.shown));
  }

  const execution& x_;
  const graph& graph_;
  bool after_ = false;
  picture picture_;
  std::vector<placed> placed_;
  std::map<std::uint32_t, std::string> names_;  // of locations
  std::map<std::uint32_t, std::size_t> written_by_;
};

picture execution::draw() const { return drawing(*this).make(); }

// ---- What follows from it

namespace {

bool is_fence(const picture_event& e) { return e.kind == step::fence && !e.silent; }

/// The next acquire fence after an event in its thread, or the last release fence before.
std::size_t fence_after(const picture& p, std::size_t i) {
  const unsigned thread = p.events[i].thread;
  for (++i; i < p.events.size(); ++i) {
    const picture_event& e = p.events[i];
    if (e.thread == thread && is_fence(e) && acquires(e.order)) return i;
  }
  return picture_event::initial;
}
std::size_t fence_before(const picture& p, std::size_t i) {
  const unsigned thread = p.events[i].thread;
  while (i-- > 0) {
    const picture_event& e = p.events[i];
    if (e.thread == thread && is_fence(e) && releases(e.order)) return i;
  }
  return picture_event::initial;
}

/// From the start of a thread to its first event, or from its last event to where it is joined.
std::optional<picture_edge> edge_of_thread(const picture& p, std::size_t i) {
  const picture_event& e = p.events[i];
  const auto is_its = [&](const picture_event& other) { return other.thread == e.target; };
  if (e.kind == step::start) {
    const auto first = std::ranges::find_if(p.events, is_its);
    if (first != p.events.end())
      return picture_edge(i, static_cast<std::size_t>(first - p.events.begin()));
  } else if (e.kind == step::join) {
    const auto last = std::find_if(p.events.rbegin(), p.events.rend(), is_its);
    if (last != p.events.rend())
      return picture_edge(static_cast<std::size_t>(p.events.rend() - last - 1), i);
  }
  return std::nullopt;
}

}  // namespace

whole_threads::whole_threads(const picture& p)
    : is_started_(p.threads.size()), is_joined_(p.threads.size()) {
  for (const picture_event& e : p.events) {
    if (e.kind == step::start) is_started_[e.target] = true;
    if (e.kind == step::join) is_joined_[e.target] = true;
  }
}

std::vector<picture_edge> synchronizes_with(const picture& p) {
  const whole_threads whole(p);
  std::vector<picture_edge> edges;
  const auto add = [&](const picture_edge& edge) {
    const unsigned from = p.events[edge.first].thread;
    const unsigned to = p.events[edge.second].thread;
    if (from != to && !whole.ordered(from, to) && std::ranges::find(edges, edge) == edges.end())
      edges.push_back(edge);
  };
  for (std::size_t r = 0; r < p.events.size(); ++r) {
    if (const auto edge = edge_of_thread(p, r)) add(*edge);
    if (!reads(p.events[r])) continue;
    const std::size_t to = acquires(p.events[r].order) ? r : fence_after(p, r);
    if (to == picture_event::initial) continue;
    // Back through the release sequence.
    for (std::size_t w = p.events[r].source; w != picture_event::initial;) {
      const picture_event& write = p.events[w];
      const std::size_t from = releases(write.order) ? w : fence_before(p, w);
      if (from != picture_event::initial) add({from, to});
      w = write.kind == step::update ? write.source : picture_event::initial;
    }
  }
  return edges;
}

}  // namespace runnel::model
