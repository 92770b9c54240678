// SPDX-License-Identifier: MIT
//
// What an execution knows of the atomics, the plain data and the memory of the program: whether each
// access happens after the construction, after the accesses that it conflicts with, and before the
// end.
#include "execution.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

// ---- Happens-before

/// Of the last event before the point.
place execution::place_before(const access_point& a) const {
  if (a.time <= 1) return {};
  return graph_->at({a.thread, static_cast<std::uint16_t>(a.time - 2)}).place;
}

std::uint64_t execution::newest_known(const object& atomic) {
  const std::uint32_t l = checked(&atomic).location;
  return graph_->value_at(l, graph_->first_visible(l, hb()));
}

void execution::race(const earlier_use& earlier, std::string_view doing, place where,
                     std::uint32_t id) {
  exchange_active(nullptr);
  blame_earlier(earlier.point, id);
  blame_current();
  const auto at = [](place known, place before) {
    return *known.name == '\0' ? ", after " + text_of(before) : " at " + text_of(known);
  };
  fail("data race",
       std::string(earlier.what) + ' ' + name_of(id) + " by " + name(earlier.point.thread) +
           at(earlier.where, place_before(earlier.point)) + ", does not happen before the " +
           std::string(doing) + " by " + name(running_) + at(where, self().where));
}

/// An access to an atomic: its location.
std::uint32_t execution::use(const object& atomic) {
  record& r = checked(&atomic);
  if (!ordered(r.written)) {
    log(step::use, atomic.id_);
    race({"the construction of", r.written, r.written_at}, "use", {}, atomic.id_);
  }
  r.use(running_, here().time);
  used_by_me(r);
  return r.location;
}

bool execution::knows_all(const object& atomic) {
  const std::uint32_t l = checked(&atomic).location;
  const std::vector<event_id>& mo = graph_->at(l).mo;
  return std::ranges::all_of(mo,
                             [&](event_id w) { return w.thread == running_ || hb().covers(w); });
}

/// The log has what each thread does in its order.
void execution::log_before_later_ones(const plain_access& a, std::uint32_t id) {
  const auto position = static_cast<std::size_t>(a.point.time - 1);
  const auto is_later = [&](const logged& l) {
    return l.thread == a.point.thread && l.position > position;
  };
  log_.insert(std::ranges::find_if(log_, is_later),
              {a.point.thread, false, position, a.kind, id, {}, a.where, false});
}

void execution::plain_race(const std::string& data, const plain_access& earlier,
                           const plain_access& now, const std::vector<plain_access>& others) {
  exchange_active(nullptr);
  self().where = now.where;
  const std::uint32_t id = objects_++;
  record& r = records_.emplace_back();
  r.kind = object_kind::trivial_cell;
  r.name = data.c_str();
  if (recording_) {
    for (const plain_access& a : others) log_before_later_ones(a, id);
  }
  log(now.kind, id, {}, now.where);
  constexpr std::array<std::string_view, 2> names{"a read of", "a write to"};
  race({names[earlier.kind == step::write ? 1 : 0], earlier.point, earlier.where},
       now.kind == step::write ? "write" : "read", now.where, id);
}

// ---- Cells

void execution::begin_access(const object& cell, cell_access access, place where) {
  record& r = checked(&cell);
  constexpr std::array steps{step::read, step::write, step::construct, step::destroy};
  log(steps[static_cast<std::size_t>(access)], cell.id_, {}, where);
  check_cell(r, cell.id_, access, where);
  begin_span(r, access, where);
  constexpr std::array<std::string_view, 4> names{"read", "write", "construct", "destroy"};
  show_at(*where.name == '\0' ? self().where : where, names[static_cast<std::size_t>(access)],
          [&] { return name_of(cell.id_); });
}

void execution::check_cell(const record& r, std::uint32_t id, cell_access access, place where) {
  const auto fails = [&](std::string_view kind, std::string_view message) {
    exchange_active(nullptr);
    blame_current();
    fail(kind, name_of(id) + std::string(message));
  };
  constexpr std::array<std::string_view, 4> names{"read", "write", "construction", "destruction"};
  const std::string_view doing = names[static_cast<std::size_t>(access)];
  const bool writes = access != cell_access::read;
  if (r.writing || (writes && r.readers > 0)) {
    blame_last(id, r.writing ? step::write : step::read);
    fails("data race", " is accessed while an access to it is in progress");
  }
  if (!ordered(r.written)) race({"a write to", r.written, r.written_at}, doing, where, id);
  if (writes) {
    if (const unsigned t = unordered_use(r); t != nobody)
      race({"a read of", {static_cast<std::uint16_t>(t), r.used.seen[t]}, read_place(r, t)}, doing,
           where, id);
  }
  if (access == cell_access::construct) {
    if (r.holds_value) fails("lost value", " gets a value while it holds one");
  } else if (!r.holds_value) {
    fails("uninitialised access", " is accessed while it holds no value");
  }
}

// ---- Objects and memory

std::uint32_t execution::born(const object* o, object_kind kind, std::uint64_t value,
                              std::size_t extent) {
  const engine_scope scope;
  if (objects_ == max_objects)
    fail("livelock", "a loop has no bound: the execution has more than " +
                         std::to_string(max_objects) + " objects; the last operation is at " +
                         text_of(self().where));
  const std::uint32_t id = objects_++;
  std::uint32_t l = no_location;
  if (kind == object_kind::atomic) {
    std::vector<std::uint32_t>& mine =
        birth_ != nullptr ? birth_->locations : locations_of_[running_];
    const std::size_t n = birth_ != nullptr ? birth_->made++ : born_[running_]++;
    if (n == mine.size()) mine.push_back(locations_++);
    l = mine[n];
    graph_->set_init(l, value);
  }
  ++alive_;
  record& r = records_.emplace_back();
  r.address = o;
  r.kind = kind;
  r.location = l;
  r.extent = static_cast<std::uint32_t>(extent);
  if (kind != object_kind::atomic) {
    r.read_at = static_cast<std::uint32_t>(read_at_.size());
    read_at_.resize(read_at_.size() + readers_known_);
  }
  r.written = birth_ != nullptr ? birth_->written : here();
  if (birth_ != nullptr) r.written_at = birth_->where;
  log(step::begin, id);
  check_succession(o);
  return id;
}

/// Whatever was at this place before has ended before.
void execution::check_succession(const object* o) {
  for (const std::uint32_t id : ended_in_place_) {
    const record& r = records_[id];
    if (r.address == o && !ordered(r.written))
      race({"the end of", r.written, {}}, "construction of another object in its place", {}, id);
  }
}

void execution::died(const object* o) {
  record& r = checked(o);
  end_of_life(o->id_);
  // Other memory is not used again.
  if (!memory_.contains(o) && !global_memory_.contains(o)) return;
  const engine_scope scope;
  r.written = here();
  ended_in_place_.push_back(o->id_);
}

void execution::end_of_life(const object& o) {
  (void)checked(&o);
  end_of_life(o.id_);
}

void execution::end_of_life(std::uint32_t id) {
  record& r = records_[id];
  log(step::end, id);
  if (!ordered(r.written))
    race({"a write to", r.written, r.written_at}, "end of the object", {}, id);
  if (const unsigned t = unordered_use(r); t != nobody) {
    // The use of an atomic is the event after the point.
    const bool event = r.kind == object_kind::atomic;
    race({"a use of",
          {static_cast<std::uint16_t>(t), static_cast<std::int16_t>(r.used.seen[t] + event)},
          event ? place() : read_place(r, t)},
         "end of the object", {}, id);
  }
  if (r.writing || r.readers > 0) {
    exchange_active(nullptr);
    blame_last(id, r.writing ? step::write : step::read);
    blame_current();
    fail("data race", name_of(id) + " ends while an access to it is in progress");
  }
  if (r.holds_value && r.kind == object_kind::cell) {
    exchange_active(nullptr);
    blame_last(id, step::construct);
    blame_current();
    fail("leak", name_of(id) + " ends while it holds a value");
  }
  r.alive = false;
  --alive_;
}

void execution::bad_object(const object* o) {
  exchange_active(nullptr);
  const auto known = std::find_if(records_.rbegin(), records_.rend(),
                                  [o](const record& r) { return r.address == o; });
  const std::uint32_t id = known == records_.rend()
                               ? no_object
                               : static_cast<std::uint32_t>(records_.rend() - known - 1);
  if (id != no_object) blame_last(id, step::end);
  log(step::use, id);
  blame_current();
  const bool ended = memory_.is_freed(o) || global_memory_.is_freed(o) || id != no_object;
  const std::string who = name(running_) + ", after " + text_of(self().where) + ", uses an object ";
  if (ended) fail("use after free", who + "after its end");
  fail("uninitialised access", who + "that was never constructed");
}

void* execution::allocate_in(memory& m, std::size_t bytes, std::size_t alignment, heap_form form) {
  const engine_scope scope;
  const std::size_t before = m.used_part(running_).size();
  void* const p = m.allocate(bytes, alignment, running_, form);
  const std::span<std::byte> used = m.used_part(running_);
  if (p != nullptr) plain_.grows(used.data() + before, used.size() - before);
  return p;
}

void* execution::allocate(std::size_t bytes, std::size_t alignment) {
  if (goes_wrong(&faults::failed_allocations)) return nullptr;
  return allocate_in(memory_, bytes, alignment, heap_form::untold);
}

void execution::deallocate(void* p, std::size_t bytes, std::size_t alignment) {
  const engine_scope scope;
  memory::block* const b = memory_.starting_at(p);
  if (b == nullptr) bad_free(memory_, p);
  if (b->size != bytes || b->alignment != alignment)
    fail("bad free", "memory is freed with another size or alignment than it has");
  free_block(memory_, *b);
}

void* execution::global_allocate(std::size_t bytes, std::size_t alignment, heap_form form) {
  return allocate_in(global_memory_, bytes, alignment, form);
}

void execution::global_free(void* p, const heap_claim& claim) {
  const engine_scope scope;
  memory::block* const b = global_memory_.starting_at(p);
  if (b == nullptr) bad_free(global_memory_, p);
  const bool told = claim.form != heap_form::untold && b->form != heap_form::untold;
  if (b->live && told && claim.form != b->form)
    fail("bad free", b->form == heap_form::array ? "memory of new[] is freed by delete"
                                                 : "memory of new is freed by delete[]");
  const auto differs = [&](std::string_view what, std::size_t has,
                           std::optional<std::size_t> claimed) {
    if (b->live && claimed && *claimed != has)
      fail("bad free", "a block whose " + std::string(what) + " is " + std::to_string(has) +
                           " bytes is freed as one of " + std::to_string(*claimed));
  };
  differs("size", b->size, claim.bytes);
  differs("alignment", b->alignment, claim.alignment);
  free_block(global_memory_, *b);
}

void execution::bad_free(const memory& m, const void* p) {
  const memory::block* const b = m.around(p);
  if (b == nullptr) fail("bad free", "memory is freed that this execution has not allocated");
  fail("bad free", "what is freed is no block, but lies in one of " + std::to_string(b->size) +
                       " bytes, " + std::to_string(static_cast<const std::byte*>(p) - b->begin) +
                       " after its begin");
}

void execution::free_block(memory& m, memory::block& b) {
  if (!b.live) fail("bad free", "a block of " + std::to_string(b.size) + " bytes is freed twice");
  for (std::uint32_t id = 0; alive_ > 0 && id < records_.size(); ++id) {
    const void* const at = records_[id].address;
    if (records_[id].alive && b.begin <= at && at < b.begin + b.size) end_of_life(id);
  }
  m.free(b);
  plain_.forget(b.begin, b.size);
}

void execution::check_leaks(const memory& m) {
  const engine_scope scope;
  if (m.live_blocks() == 0) return;
  const memory::block& first = *m.first_live();
  fail("leak", std::to_string(m.live_blocks()) +
                   " blocks of memory were not freed; the first has " + std::to_string(first.size) +
                   " bytes and was allocated by " + name(first.thread));
}

}  // namespace runnel::model
