// SPDX-License-Identifier: MIT
//
// What is known of each byte that the program has used in this execution: who has written and read it last,
// and which atomic lies there.
//
//   a byte is          an atomic access                        a plain access
//   plain              begins an atomic there: its initial     is checked against the last write, a write
//                      value is what memory holds; what was    also against the reads since
//                      written there happens before each use
//   of an atomic       is an event                             a read has to know all its writes, and finds
//                                                              the last; a write ends it, after all its uses
//   freed              fails                                   fails
//
// An atomic is known by its address, its size, and how many there were in this place before.
#pragma once

#include "allowed.hpp"
#include "door.hpp"

#include "model/clock.hpp"
#include "model/execution.hpp"

#include <runnel/model/runtime.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace runnel::model::native {

/// An object of the model at an address of the program, in one of its lives.
struct life {
  std::vector<std::uint32_t> locations;
  alignas(object) std::array<std::byte, sizeof(object)> made{};
  std::string name;

  [[nodiscard]] const object& handle() const {
    return *std::launder(reinterpret_cast<const object*>(made.data()));
  }
};

/// The atomics that are, one after the other, at an address.
struct atomic_at {
  std::uintptr_t address = 0;
  std::uint64_t run = 0;  ///< in which the rest holds
  unsigned size = 0;
  std::size_t lives_so_far = 0;
  bool alive = false;
  bool plainly_read = false;
  std::deque<life> lives;
  life* last = nullptr;  ///< of those so far

  [[nodiscard]] life& now() const { return *last; }
};

class shadow {
 public:
  using access_point = execution::access_point;

  /// Races of the functions are none.
  explicit shadow(allowed_functions tolerated) : tolerated_(std::move(tolerated)) {}

  /// At the begin of an execution.
  void reset() {
    ++run_;
    used_ = 0;
    spans_.clear();
    log_.clear();
  }

  void read(std::uintptr_t address, std::size_t size, place where) {
    if (!access_at_once(address, size, step::read, where)) access(address, size, step::read, where);
  }
  void write(std::uintptr_t address, std::size_t size, place where) {
    if (!access_at_once(address, size, step::write, where))
      access(address, size, step::write, where);
  }
  /// Its accesses come to an end: also a write.
  void free(std::uintptr_t address, std::size_t size, place where);
  /// The atomic of that size at the address.
  const object& atomic(std::uintptr_t address, unsigned size, bool writes, place where) {
    atomic_at* const known = alive_at(address, size);
    return known != nullptr && !(writes && known->plainly_read)
               ? known->now().handle()
               : find_atomic(address, size, writes, where);
  }

 private:
  static constexpr std::size_t granule = 8;
  static constexpr std::size_t many_bytes = 256;
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// Some bytes of a granule, as they were used together.
  struct field {
    std::uintptr_t granule;
    std::uint8_t bytes;
    bool freed;
    std::uint32_t next;
    atomic_at* atomic;
    access_point written;
    place written_at;
    std::uint32_t readers;
    std::array<std::int16_t, max_threads> read;
    std::array<unsigned, max_threads> read_at;

    void note(step kind, const access_point& here, place where) {
      if (kind == step::write) {
        written = here;
        written_at = where;
        readers = 0;
      } else {
        readers |= 1U << here.thread;
        read[here.thread] = here.time;
        read_at[here.thread] = where.line;  // of a place in code, its address
      }
    }
  };
  struct slot {
    std::uintptr_t key = 0;
    std::uint64_t run = 0;
    std::uint32_t first = none;
  };
  /// An access to many bytes, of which no field is made; or their end.
  struct span {
    std::uintptr_t begin;
    std::uintptr_t end;
    step kind;
    bool freed;
    access_point point;
    place where;
    [[nodiscard]] bool overlaps(std::uintptr_t b, std::uintptr_t e) const {
      return b < end && begin < e;
    }
  };
  struct logged {
    std::uintptr_t address;
    std::size_t size;
    execution::plain_access access;
  };

  [[nodiscard]] static std::size_t hash(std::uintptr_t key) {
    return key * 0x9E3779B97F4A7C15U >> 20U;
  }
  /// That of the granule, if it is found without a search.
  [[nodiscard]] slot* known_slot(std::uintptr_t key) {
    slot& s = slots_[hash(key) & last_slot_];
    if (s.key != key) return nullptr;
    if (s.run != run_) s = {key, run_, none};
    return &s;
  }
  /// An access of the usual kind: of bytes that are used alone, or together as they were before, in order with all that
  /// was done to them. Else nothing is done.
  bool access_at_once(std::uintptr_t address, std::size_t size, step kind, place where);
  [[nodiscard]] atomic_at* alive_at(std::uintptr_t address, unsigned size);
  const object& find_atomic(std::uintptr_t address, unsigned size, bool writes, place where);
  slot& slot_of(std::uintptr_t granule);
  void grow();
  field& new_field(slot& s, std::uint8_t bytes);
  void log(std::uintptr_t address, std::size_t size, step kind, place where);
  void access(std::uintptr_t address, std::size_t size, step kind, place where);
  void access_span(std::uintptr_t address, std::size_t size, step kind, bool frees, place where);
  void check_spans(std::uintptr_t address, std::size_t size, step kind, place where);
  void access_granule(std::uintptr_t granule, std::uint8_t bytes, step kind, place where);
  void check(const field& f, std::uintptr_t granule, std::uint8_t bytes, step kind, place where);
  void meet_atomic(field& f, step kind, place where);
  void begin_life(atomic_at& a, unsigned size, place where);
  void check_plain_readers(const atomic_at& a, place where);
  /// Fails, unless it is tolerated.
  void race(std::uintptr_t address, std::size_t size, const execution::plain_access& earlier,
            step kind, place where);
  static std::uint8_t mask(std::size_t offset, std::size_t size) {
    return static_cast<std::uint8_t>(((1U << size) - 1U) << offset);
  }

  bool races_are_tolerated(place where);

  const allowed_functions tolerated_;
  std::unordered_map<unsigned, bool> known_to_be_tolerated_;  // by places in the code
  std::uint64_t run_ = 1;
  std::vector<slot> slots_ = std::vector<slot>(4096);
  std::size_t last_slot_ = slots_.size() - 1;
  std::size_t known_ = 0;
  std::vector<field> fields_;
  std::size_t used_ = 0;
  std::unordered_map<std::uintptr_t, std::unique_ptr<atomic_at>> atomics_;
  std::vector<span> spans_;
  std::vector<logged> log_;  // while the run is recorded
};

inline shadow::field& shadow::new_field(slot& s, std::uint8_t bytes) {
  if (used_ == fields_.size()) fields_.emplace_back();
  field& f = fields_[used_];
  f.granule = s.key;
  f.bytes = bytes;
  f.freed = false;
  f.next = s.first;
  f.atomic = nullptr;
  f.written = {};
  f.written_at = {};
  f.readers = 0;
  s.first = static_cast<std::uint32_t>(used_++);
  return f;
}

inline bool shadow::access_at_once(std::uintptr_t address, std::size_t size, step kind,
                                   place where) {
  const std::size_t offset = address % granule;
  slot* const s = known_slot(address / granule);
  const execution& x = execution::current();
  if (s == nullptr || offset + size > granule || !spans_.empty() || x.recording()) return false;
  const std::uint8_t bytes = mask(offset, size);
  field* mine = nullptr;
  for (std::uint32_t i = s->first; i != none; i = fields_[i].next) {
    field& f = fields_[i];
    if ((f.bytes & bytes) == 0) continue;
    if (f.bytes != bytes || f.atomic != nullptr || f.freed || mine != nullptr) return false;
    mine = &f;
  }
  const access_point here = x.here();
  if (mine == nullptr) {
    mine = &new_field(*s, bytes);
  } else {
    const bool others_read = (mine->readers & ~(1U << here.thread)) != 0;
    if (kind == step::write && others_read) return false;
    const access_point& w = mine->written;
    if (w.time != 0 && w.thread != here.thread && !x.ordered(w)) return false;
  }
  mine->note(kind, here, where);
  return true;
}

inline atomic_at* shadow::alive_at(std::uintptr_t address, unsigned size) {
  const slot* const s = known_slot(address / granule);
  for (std::uint32_t i = s == nullptr ? none : s->first; i != none; i = fields_[i].next) {
    atomic_at* const a = fields_[i].atomic;
    if (a != nullptr && a->alive && a->address == address && a->size == size) return a;
  }
  return nullptr;
}

}  // namespace runnel::model::native
