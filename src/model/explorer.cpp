// SPDX-License-Identifier: MIT
#include "explorer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace runnel::model {

namespace {

// A source of a read in the pool: the place in mo, and what the operation chooses if it chooses.
constexpr unsigned choice_shift = 24;
constexpr std::uint32_t position_mask = (std::uint32_t{1} << choice_shift) - 1;

std::uint32_t packed(event_id e) { return std::uint32_t{e.thread} << 16 | e.index; }
event_id unpacked(std::uint32_t u) {
  return {static_cast<std::uint16_t>(u >> 16), static_cast<std::uint16_t>(u & 0xFFFF)};
}

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// The event before in its thread: of the write of a read-modify-write, its read.
event_id before(event_id e) { return {e.thread, static_cast<std::uint16_t>(e.index - 1)}; }

/// Whether a read writes, and its order, which depend on its value.
void evaluate(event& read) {
  if (read.op.kind == operation_kind::read) return;
  read.rmw = writes(read.op, read.value);
  read.order = read.rmw ? read.op.order : read.op.failure;
}

/// Whether a write may stand before the one that is there now: not between the read and the write
/// of a read-modify-write.
bool splits_nothing(const graph& g, const location& l, std::size_t position) {
  return position > l.mo.size() || !g.at(l.mo[position - 1]).rmw;
}

}  // namespace

explorer::explorer(unsigned threads, const place_pair* severed, thread_table* table)
    : graph_(threads, severed, table) {
  frames_.push_back(std::make_unique<frame>());
}

/// An access that is last in mo is before nothing in mo or fr, so it closes no cycle.
bool explorer::consistent(const graph& g, event_id id, event_id also_changed) {
  const event& e = g.at(id);
  const std::size_t position = e.kind == event_kind::write ? e.position : g.source_position(e);
  if (position == g.at(e.location).mo.size()) return true;
  return is_cxx20_ ? cxx20_order_.exists(g) : psc_.acyclic(g, id, also_changed);
}

// ---- New events

bool explorer::can_read(unsigned thread, std::uint32_t l, const acceptance& accepts) const {
  const graph& g = current();
  const std::size_t first = g.first_visible(l, g.last(thread).hb);
  for (std::size_t p = g.at(l).mo.size() + 1; p-- > first;) {
    if (accepts(g.value_at(l, p))) return true;
  }
  return false;
}

/// The mo-maximal source comes last, so that it is taken first. An await that reads a value with
/// which it cannot go on waits for ever; only the mo-maximal value can be the last one it sees.
void explorer::push_sources(frame& f, unsigned thread, const event& e, const acceptance& accepts) {
  const graph& g = graph_;
  const std::size_t first = g.first_visible(e.location, g.last(thread).hb);
  const std::size_t last = g.at(e.location).mo.size();
  if (e.await && !accepts(g.value_at(e.location, last)))
    f.pool.push_back(static_cast<std::uint32_t>(last));
  for (std::size_t p = first; p <= last; ++p) {
    const std::uint64_t value = g.value_at(e.location, p);
    if (e.await && !accepts(value)) continue;
    for (unsigned c = std::max(alternatives(e.op, value), 1U); c-- > 0;)
      f.pool.push_back(static_cast<std::uint32_t>(p | c << choice_shift));
  }
}

void explorer::choose_source(const graph& g, event& read, std::uint32_t source) {
  const std::uint32_t position = source & position_mask;
  read.rf = g.write_at(g.at(read.location), position);
  read.value = g.value_at(read.location, position);
  read.choice = static_cast<std::uint8_t>(source >> choice_shift);
  evaluate(read);
}

void explorer::set_source(graph& g, event_id read, std::uint32_t source) {
  choose_source(g, g.at(read), source);
  g.recompute(read);
}

event_id explorer::add_read(unsigned thread, const event& e, const acceptance& accepts) {
  frame& f = top();
  const std::size_t begin = f.pool.size();
  push_sources(f, thread, e, accepts);
  event read = e;
  choose_source(graph_, read, f.pool.back());
  f.pool.pop_back();
  const event_id id = graph_.add(thread, read);
  if (counts_this_run()) ++counts_.events;
  while (!consistent(graph_, id)) {
    set_source(graph_, id, f.pool.back());
    f.pool.pop_back();
  }
  push_point(f, alternative::source, id, begin);
  return id;
}

bool explorer::add_write(unsigned thread, const event& e) {
  frame& f = top();
  graph& g = graph_;
  find_revisits(g, thread, e.location);
  const std::size_t first = g.first_visible(e.location, g.last(thread).hb);
  event write = e;
  write.position = static_cast<std::uint32_t>(g.at(e.location).mo.size() + 1);
  const event_id id = g.add(thread, write);
  if (counts_this_run()) ++counts_.events;
  const std::size_t reads = f.pool.size();
  // The newest read is revisited first.
  for (auto r = revisits_.rbegin(); r != revisits_.rend(); ++r) f.pool.push_back(packed(*r));
  push_point(f, alternative::revisit, id, reads);
  const std::size_t begin = f.pool.size();
  push_places(f, id, first);
  if (!settle_place(f, id, begin)) return false;
  push_point(f, alternative::placement, id, begin);
  return true;
}

/// Where the write, which is last in mo now, may stand; `first` is the last place it must follow.
void explorer::push_places(frame& f, event_id write, std::size_t first) {
  const graph& g = graph_;
  const event& w = g.at(write);
  const location& l = g.at(w.location);
  const std::size_t others = l.mo.size() - 1;
  if (w.rmw) {
    const std::size_t source = g.source_position(g.at(before(write)));
    if (source < first) return;
    const bool taken = source < others && g.at(l.mo[source]).rmw;
    if (!taken) f.pool.push_back(static_cast<std::uint32_t>(source + 1));
    return;
  }
  for (std::size_t p = first + 1; p <= others; ++p) {
    if (splits_nothing(g, l, p)) f.pool.push_back(static_cast<std::uint32_t>(p));
  }
  f.pool.push_back(static_cast<std::uint32_t>(others + 1));
}

/// Takes the next place that is consistent; false if there is none.
bool explorer::settle_place(frame& f, event_id write, std::size_t begin, event_id reader) {
  graph& g = graph_;
  while (f.pool.size() > begin) {
    const std::uint32_t place = f.pool.back();
    f.pool.pop_back();
    if (g.at(write).position != place) g.move_write(write, place);
    if (consistent(g, write, reader)) return true;
  }
  return false;
}

event_id explorer::add_other(unsigned thread, const event& e) {
  frame& f = top();
  const event_id id = graph_.add(thread, e);
  if (counts_this_run()) ++counts_.events;
  const std::size_t begin = f.pool.size();
  for (unsigned c = e.choices; c-- > 1;) f.pool.push_back(c);
  push_point(f, alternative::choice, id, begin);
  return id;
}

bool explorer::add_read(unsigned thread, const event& e, const decision& d) {
  graph& g = current();
  if (d.source != init_event) {
    if (d.source.index >= g.length(d.source.thread)) return false;
    const event& source = g.at(d.source);
    if (source.kind != event_kind::write || source.location != e.location) return false;
  }
  const auto position = static_cast<std::uint32_t>(g.position_of(d.source));
  const std::uint64_t value = g.value_at(e.location, position);
  if (position < g.first_visible(e.location, g.last(thread).hb) ||
      d.choice >= std::max(alternatives(e.op, value), 1U))
    return false;
  event read = e;
  choose_source(g, read, position | std::uint32_t{d.choice} << choice_shift);
  return consistent(g, g.add(thread, read));
}

bool explorer::add_write(unsigned thread, const event& e, const plan& p, const decision& d) {
  graph& g = current();
  const location& l = g.at(e.location);
  const std::size_t first = g.first_visible(e.location, g.last(thread).hb);
  event write = e;
  write.position = 1;
  for (const event_id other : l.mo) {
    const decision* const o = p.find(other.thread, other.index);
    if (o != nullptr && o->position < d.position) ++write.position;
  }
  if (write.position <= first || !splits_nothing(g, l, write.position)) return false;
  const event_id id = g.add(thread, write);
  return (!e.rmw || g.source_position(g.at(before(id))) + 1 == write.position) && consistent(g, id);
}

/// The reads that a new write of the thread may revisit, the newest first: those outside of its prefix
/// that have nothing after them, outside of the prefix, that is not maximal. Each event, and each
/// place in mo, is looked at once.
void explorer::find_revisits(const graph& g, unsigned thread, std::uint32_t l) {
  revisits_.clear();
  const clock& prefix = g.last(thread).porf;
  int threads_left = g.at(l).read.beyond(prefix);
  if (threads_left == 0) return;
  maximal_from_.assign(g.locations().size(), unlimited);
  const std::vector<event_id>& order = g.order();
  for (std::size_t s = order.size(); threads_left > 0; ++steps_) {
    const event_id x = order[--s];
    if (prefix.covers(x)) continue;
    if (!maximal(g, x, prefix)) return;
    const event& e = g.at(x);
    if (e.kind != event_kind::read || e.location != l) continue;
    revisits_.push_back(x);
    if (e.earlier <= prefix.seen[x.thread]) --threads_left;
  }
}

/// Whether the event, which is outside of the prefix, had taken its first alternative if the events
/// that it was added after, and those in the prefix, had been all. All events outside that were added
/// later are maximal: so what is in mo after a place that one of them has, was added after that one.
bool explorer::maximal(const graph& g, event_id id, const clock& prefix) {
  const event& e = g.at(id);
  if (e.kind != event_kind::read && e.kind != event_kind::write) return e.choice == 0;
  const auto previous = [&](event_id other) {
    return g.at(other).stamp <= e.stamp || prefix.covers(other);
  };
  const location& l = g.at(e.location);
  std::size_t position = e.position;
  if (e.kind == event_kind::write) {
    const auto reads_it = [&](event_id r) { return g.at(r).rf == id && previous(r); };
    if (e.sought && std::any_of(l.reads.begin(), l.reads.end(), reads_it)) return false;
  } else {
    if (e.choice != 0 || (e.rf != init_event && !previous(e.rf))) return false;
    position = g.source_position(e);
  }
  std::size_t& known = maximal_from_[e.location];
  for (std::size_t p = std::min(known, l.mo.size()); p > position; --p, ++steps_) {
    if (previous(l.mo[p - 1])) return false;
  }
  known = position;
  return true;
}

// ---- Between runs

void explorer::push_point(frame& f, alternative kind, event_id e, std::size_t begin) const {
  if (f.pool.size() == begin) return;
  f.choices.push_back({kind, e, graph_.at(e).stamp + 1, static_cast<std::uint32_t>(begin),
                       static_cast<std::uint32_t>(f.pool.size() - begin + 1), level_});
}

void explorer::divide(unsigned level, std::function<bool(std::uint64_t)> is_mine,
                      bool counts_below) {
  dividing_level_ = level;
  counts_below_ = counts_below;
  is_mine_ = std::move(is_mine);
}

void explorer::abandon_subtree() {
  for (;;) {
    frame& f = top();
    while (!f.choices.empty() && f.choices.back().level >= dividing_level_) {
      f.pool.resize(f.choices.back().begin);
      f.choices.pop_back();
    }
    if (!f.choices.empty() || depth_ == 0) return;
    leave_frame();
  }
}

void explorer::leave_frame() {
  graph_.undo_revisit();
  --depth_;
}

void explorer::begin_again() {
  depth_ = 0;
  graph_.forget_revisits();
  frame& f = top();
  f.choices.clear();
  f.pool.clear();
  start_ = graph_.order().size();
}

bool explorer::advance() {
  for (;;) {
    frame& f = top();
    if (f.choices.empty()) {
      if (depth_ == 0) return false;
      leave_frame();
      continue;
    }
    const choice_point point = f.choices.back();
    if (f.pool.size() == point.begin) {
      f.choices.pop_back();
      continue;
    }
    const std::uint32_t value = f.pool.back();
    f.pool.pop_back();
    graph_.restrict(point.stamp);
    level_ = point.level + 1;
    const counts before = counts_;
    const next n = take(point.kind, point.event, value);
    if (n == next::inconsistent) continue;
    if (dividing_level_ != 0 && level_ == dividing_level_ && !is_mine_(subtrees_++)) {
      counts_ = before;
      abandon_subtree();
      continue;
    }
    if (point.kind == alternative::revisit && counts_this_run()) ++counts_.revisits;
    if (n == next::dropped) {
      if (counts_this_run()) ++counts_.dropped;
      continue;
    }
    start_ = current().order().size();
    return true;
  }
}

explorer::next explorer::take(alternative kind, event_id e, std::uint32_t value) {
  graph& g = current();
  switch (kind) {
    case alternative::source:
      set_source(g, e, value);
      return consistent(g, e) ? complete(e) : next::inconsistent;
    case alternative::placement: {
      const event_id reader = e == top().write ? top().reader : init_event;
      g.move_write(e, value);
      if (!consistent(g, e, reader)) return next::inconsistent;
      return reader == init_event ? next::run : complete(reader);
    }
    case alternative::choice:
      g.at(e).choice = static_cast<std::uint8_t>(value);
      return g.at(e).kind == event_kind::read ? complete(e) : next::run;
    case alternative::revisit: return revisit(e, unpacked(value));
  }
  return next::inconsistent;
}

/// Adds the write of a read-modify-write that has read. Its value is known, so it takes no run to find
/// out that there is no place for it in mo.
explorer::next explorer::complete(event_id read) {
  const event& r = current().at(read);
  if (!r.rmw) return next::run;
  return add_write(read.thread, write_of(r)) ? next::run : next::dropped;
}

/// Continues, in a frame of its own, with the graph in which the read takes the value of the write.
explorer::next explorer::revisit(event_id write, event_id read) {
  if (++depth_ == frames_.size()) frames_.push_back(std::make_unique<frame>());
  graph& g = graph_;
  frame& f = top();
  f.choices.clear();
  f.pool.clear();
  f.write = write;
  f.reader = read;
  g.revisit(write, read);
  const std::uint32_t l = g.at(write).location;
  set_source(g, read, g.at(write).position);
  const std::size_t first = std::max(g.first_visible(l, g.after(write.thread, write.index).hb),
                                     g.first_visible(l, g.after(read.thread, read.index).hb));
  push_places(f, write, first);
  if (!settle_place(f, write, 0, read)) {
    leave_frame();
    return next::inconsistent;
  }
  push_point(f, alternative::placement, write, 0);
  const std::size_t begin = f.pool.size();
  for (unsigned c = alternatives(g.at(read).op, g.at(read).value); c-- > 1;) f.pool.push_back(c);
  push_point(f, alternative::choice, read, begin);
  if (f.pool.size() > begin) f.choices.back().stamp = g.at(write).stamp + 1;
  return complete(read);
}

void explorer::rewind() {
  frame& f = top();
  graph_.restrict(start_);
  while (!f.choices.empty() && f.choices.back().stamp > start_) f.choices.pop_back();
}

void explorer::go_back(const begin_of_run& b) {
  frame& f = top();
  graph_.restrict(b.events);
  f.choices.erase(f.choices.begin() + static_cast<std::ptrdiff_t>(b.choices), f.choices.end());
  f.pool.resize(b.pool);
  counts_ = b.counts;
}

std::size_t explorer::memory() const {
  std::size_t bytes = graph_.memory() + memory_of(frames_) + memory_of(revisits_) +
                      memory_of(maximal_from_) + psc_.memory() + cxx20_order_.memory();
  for (const std::unique_ptr<frame>& f : frames_)
    bytes += sizeof *f + memory_of(f->choices) + memory_of(f->pool);
  return bytes;
}

double explorer::estimate() const {
  double done = 0;
  double part = 1;
  for (std::size_t d = 0; d <= depth_; ++d) {
    const frame& f = *frames_[d];
    for (std::size_t i = 0; i < f.choices.size(); ++i) {
      const choice_point& c = f.choices[i];
      const std::size_t end = i + 1 < f.choices.size() ? f.choices[i + 1].begin : f.pool.size();
      const auto left = static_cast<double>(end - c.begin);
      const auto total = static_cast<double>(c.total);
      done += part * (total - 1 - left) / total;
      part /= total;
    }
  }
  return done;
}

}  // namespace runnel::model
