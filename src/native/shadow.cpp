// SPDX-License-Identifier: MIT
#include "shadow.hpp"

#include "names.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

namespace runnel::model::native {

namespace {

std::uint64_t value_in_memory(std::uintptr_t address, unsigned size) {
  std::uint64_t v = 0;
  std::memcpy(&v, reinterpret_cast<const void*>(address), size);
  return v;
}

}  // namespace

bool shadow::races_are_tolerated(place where) {
  if (tolerated_.empty() || where.name != in_machine_code) return false;
  const auto [known, is_new] = known_to_be_tolerated_.try_emplace(where.line);
  if (is_new)
    known->second = std::ranges::any_of(
        functions_around(where), [this](const std::string& f) { return tolerated_.contain(f); });
  return known->second;
}

// ---- Fields

shadow::slot& shadow::slot_of(std::uintptr_t key) {
  for (std::size_t i = hash(key);; ++i) {
    slot& s = slots_[i & last_slot_];
    if (s.key == key) {
      if (s.run != run_) {
        s.run = run_;
        s.first = none;
      }
      return s;
    }
    if (s.key != 0) continue;
    if (2 * ++known_ > slots_.size()) {
      grow();
      return slot_of(key);
    }
    s = {key, run_, none};
    return s;
  }
}

void shadow::grow() {
  std::vector<slot> old(2 * slots_.size());
  old.swap(slots_);
  last_slot_ = slots_.size() - 1;
  known_ = 0;
  for (const slot& s : old) {
    if (s.key != 0 && s.run == run_) slot_of(s.key) = s;
  }
}

// ---- Plain accesses

void shadow::log(std::uintptr_t address, std::size_t size, step kind, place where) {
  if (execution::current().recording())
    log_.push_back({address, size, {execution::current().here(), kind, where}});
}

void shadow::access(std::uintptr_t address, std::size_t size, step kind, place where) {
  log(address, size, kind, where);
  if (size >= many_bytes) return access_span(address, size, kind, false, where);
  if (!spans_.empty()) check_spans(address, size, kind, where);
  while (size > 0) {
    const std::size_t offset = address % granule;
    const std::size_t here = std::min(size, granule - offset);
    access_granule(address / granule, mask(offset, here), kind, where);
    address += here;
    size -= here;
  }
}

void shadow::access_granule(std::uintptr_t g, std::uint8_t bytes, step kind, place where) {
  execution& x = execution::current();
  slot& s = slot_of(g);
  field* mine = nullptr;
  for (std::uint32_t i = s.first; i != none; i = fields_[i].next) {
    field& f = fields_[i];
    if ((f.bytes & bytes) == 0) continue;
    check(f, g, bytes, kind, where);
    if (f.atomic != nullptr && f.atomic->alive) meet_atomic(f, kind, where);
    if (f.bytes == bytes && f.atomic == nullptr) mine = &f;
  }
  if (mine == nullptr) mine = &new_field(s, bytes);
  mine->note(kind, x.here(), where);
}

/// Against what was done before to these bytes.
void shadow::check(const field& f, std::uintptr_t g, std::uint8_t bytes, step kind, place where) {
  execution& x = execution::current();
  const auto both = static_cast<unsigned>(f.bytes & bytes);
  const std::uintptr_t address = g * granule + static_cast<unsigned>(std::countr_zero(both));
  const auto size = [both] { return static_cast<std::size_t>(std::popcount(both)); };
  if (f.freed)
    x.fail("use after free", name_of(address) + " is used at " + text_of(where) +
                                 ", and was freed at " + text_of(f.written_at));
  if (f.written.time != 0 && !x.ordered(f.written))
    race(address, size(), {f.written, step::write, f.written_at}, kind, where);
  if (kind == step::read) return;
  for (std::uint32_t left = f.readers; left != 0; left &= left - 1) {
    const auto t = static_cast<std::uint16_t>(std::countr_zero(left));
    const access_point read{t, f.read[t]};
    if (!x.ordered(read))
      race(address, size(), {read, step::read, {in_machine_code, f.read_at[t]}}, kind, where);
  }
}

/// A plain access where an atomic is.
void shadow::meet_atomic(field& f, step kind, place where) {
  execution& x = execution::current();
  atomic_at& a = *f.atomic;
  const object& handle = a.now().handle();
  if (kind == step::write) {
    x.comes_to(where);
    x.end_of_life(handle);
    a.alive = false;
    f.atomic = nullptr;
    return;
  }
  if (!x.knows_all(handle) && !races_are_tolerated(where))
    x.fail("data race", a.now().name + " is read by " + text_of(where) +
                            " as plain data, and not all atomic writes to it happen before");
  a.plainly_read = true;
  const std::uint64_t value = x.last_value(handle);
  std::memcpy(reinterpret_cast<void*>(a.address), &value, a.size);
}

void shadow::race(std::uintptr_t address, std::size_t size, const execution::plain_access& earlier,
                  step kind, place where) {
  if (races_are_tolerated(where) || races_are_tolerated(earlier.where)) return;
  static std::string name;  // outlives the stack of this thread
  name = name_of(address);
  execution& x = execution::current();
  std::vector<execution::plain_access> there;
  for (const logged& l : log_) {
    const bool is_this = &l == &log_.back();
    if (!is_this && l.address < address + size && address < l.address + l.size)
      there.push_back(l.access);
  }
  x.plain_race(name, earlier, {x.here(), kind, where}, there);
}

void shadow::free(std::uintptr_t address, std::size_t size, place where) {
  if (size >= many_bytes) {
    log(address, size, step::write, where);
    return access_span(address, size, step::write, true, where);
  }
  access(address, size, step::write, where);
  for (std::uintptr_t g = address / granule; g * granule < address + size; ++g) {
    for (std::uint32_t i = slot_of(g).first; i != none; i = fields_[i].next)
      fields_[i].freed = true;
  }
}

// ---- Many bytes at once

/// Whatever has been done to some of the bytes is in a field or in a span.
void shadow::access_span(std::uintptr_t address, std::size_t size, step kind, bool frees,
                         place where) {
  execution& x = execution::current();
  const access_point here = x.here();
  check_spans(address, size, kind, where);
  for (std::size_t i = 0; i < used_; ++i) {
    field& f = fields_[i];
    const std::uintptr_t begin = f.granule * granule;
    if (begin + granule <= address || address + size <= begin) continue;
    const std::size_t first = address > begin ? address - begin : 0;
    const std::size_t last = std::min<std::size_t>(address + size - begin, granule);
    const std::uint8_t bytes = mask(first, last - first);
    if ((f.bytes & bytes) == 0) continue;
    check(f, f.granule, bytes, kind, where);
    if (f.atomic != nullptr && f.atomic->alive) meet_atomic(f, kind, where);
    if (kind == step::write && bytes == f.bytes) {  // fields are never older than spans
      f.written = here;
      f.written_at = where;
      f.readers = 0;
    }
  }
  const std::uintptr_t end = address + size;
  // What the thread has done to all of them before is known by this.
  const auto is_known = [&](const span& s) {
    const bool covers = address <= s.begin && s.end <= end;
    return covers && !s.freed && s.point.thread == here.thread && s.kind == kind;
  };
  std::erase_if(spans_, is_known);
  spans_.push_back({address, end, kind, frees, here, where});
}

void shadow::check_spans(std::uintptr_t address, std::size_t size, step kind, place where) {
  execution& x = execution::current();
  for (const span& s : spans_) {
    if (!s.overlaps(address, address + size)) continue;
    const std::uintptr_t begin = std::max(address, s.begin);
    if (s.freed)
      x.fail("use after free", name_of(begin) + " is used at " + text_of(where) +
                                   ", and was freed at " + text_of(s.where));
    if ((s.kind == step::write || kind == step::write) && !x.ordered(s.point))
      race(begin, std::min(address + size, s.end) - begin, {s.point, s.kind, s.where}, kind, where);
  }
}

// ---- Atomics

const object& shadow::find_atomic(std::uintptr_t address, unsigned size, bool writes, place where) {
  std::unique_ptr<atomic_at>& known = atomics_[address];
  if (known == nullptr) {
    known = std::make_unique<atomic_at>();
    known->address = address;
  }
  atomic_at& a = *known;
  if (a.run != run_) {
    a.run = run_;
    a.lives_so_far = 0;
    a.alive = false;
  }
  if (!a.alive || a.size != size) begin_life(a, size, where);
  if (writes && a.plainly_read) check_plain_readers(a, where);
  return a.now().handle();
}

void shadow::begin_life(atomic_at& a, unsigned size, place where) {
  execution& x = execution::current();
  if (a.address % size != 0)
    x.fail("unsupported", "an atomic of " + std::to_string(size) + " bytes at " + text_of(where) +
                              " is not aligned");
  slot& s = slot_of(a.address / granule);
  const std::uint8_t bytes = mask(a.address % granule, size);
  access_point written;
  place written_at;
  a.plainly_read = false;
  for (std::uint32_t i = s.first; i != none; i = fields_[i].next) {
    const field& f = fields_[i];
    if ((f.bytes & bytes) == 0) continue;
    if (f.atomic != nullptr && f.atomic->alive)
      x.fail("unsupported", f.atomic->now().name + ", an atomic of " +
                                std::to_string(f.atomic->size) + " bytes, is used as one of " +
                                std::to_string(size) + " at " + text_of(where));
    check(f, a.address / granule, bytes, step::read, where);
    a.plainly_read = a.plainly_read || f.readers != 0;
    if (f.written.time != 0 && written.time == 0) {
      written = f.written;
      written_at = f.written_at;
    }
  }
  check_spans(a.address, size, step::read, where);
  for (const span& p : spans_) {
    if (written.time != 0 || p.kind == step::read || !p.overlaps(a.address, a.address + size))
      continue;
    written = p.point;
    written_at = p.where;
  }
  a.alive = true;
  a.size = size;
  if (++a.lives_so_far > a.lives.size()) a.lives.emplace_back().name = name_of(a.address);
  a.last = &a.lives[a.lives_so_far - 1];
  life& l = a.now();
  execution::birth birth{l.locations, written, written_at};
  x.give_birth(&birth);
  new (l.made.data()) object(object_kind::atomic, value_in_memory(a.address, size), size);
  x.give_birth(nullptr);
  l.handle().set_name(l.name.c_str());
  new_field(s, bytes).atomic = &a;
}

/// Before an atomic write where others have read plain data.
void shadow::check_plain_readers(const atomic_at& a, place where) {
  const std::uint8_t bytes = mask(a.address % granule, a.size);
  const slot& s = slot_of(a.address / granule);
  for (std::uint32_t i = s.first; i != none; i = fields_[i].next) {
    if ((fields_[i].bytes & bytes) != 0)
      check(fields_[i], a.address / granule, bytes, step::write, where);
  }
}

}  // namespace runnel::model::native
