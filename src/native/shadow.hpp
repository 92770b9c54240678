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

  [[nodiscard]] life& now() { return lives[lives_so_far - 1]; }
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
    access(address, size, step::read, where);
  }
  void write(std::uintptr_t address, std::size_t size, place where) {
    access(address, size, step::write, where);
  }
  /// Its accesses come to an end: also a write.
  void free(std::uintptr_t address, std::size_t size, place where);
  /// The atomic of that size at the address.
  const object& atomic(std::uintptr_t address, unsigned size, bool writes, place where);

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
  std::size_t known_ = 0;
  std::vector<field> fields_;
  std::size_t used_ = 0;
  std::unordered_map<std::uintptr_t, std::unique_ptr<atomic_at>> atomics_;
  std::vector<span> spans_;
  std::vector<logged> log_;  // while the run is recorded
};

}  // namespace runnel::model::native
