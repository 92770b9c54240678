// SPDX-License-Identifier: MIT
//
// Litmus programs as data: what the readers make, the printer writes, and both engines run.
//
// Values have 64 bits and a sign. All that is in here, and all that runs it, needs no stacks to switch, threads,
// exceptions or files, so that a page in a browser can have it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace runnel::litmus_core {

using value = std::int64_t;
/// They wrap around, as the atomics of C do.
inline std::uint64_t bits(value v) { return static_cast<std::uint64_t>(v); }

/// In the text of the program, both from 1. Not a part of what it means: all are equal.
struct position {
  unsigned line = 0;
  unsigned column = 0;
  friend bool operator==(const position&, const position&) { return true; }
};

/// Of expressions on values alone.
enum class arithmetic : std::uint8_t {
  negate,
  complement,
  logical_not,
  multiply,
  divide,
  remainder,
  add,
  subtract,
  shift_left,
  shift_right,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  unequal,
  bit_and,
  bit_xor,
  bit_or,
  logical_and,
  logical_or,
};

/// What a read-modify-write that always writes does.
enum class update : std::uint8_t { exchange, add, subtract, bit_and, bit_or, bit_xor };

/// How a location is accessed.
struct access {
  unsigned location = 0;
  bool plain = false;
  std::memory_order order = std::memory_order::seq_cst;
  friend bool operator==(const access&, const access&) = default;
};

/// There is at most one access in it, and that is not behind `&&` or `||`: C does not say which of two comes first.
struct expression {
  enum class kind : std::uint8_t { constant, local, calculation, load, update, compare };
  kind is = kind::constant;
  value constant = 0;
  unsigned local = 0;
  arithmetic how = arithmetic::add;
  litmus_core::access access{};
  litmus_core::update updates = litmus_core::update::exchange;
  // Of a compare-exchange: what it expects is in a local, or in a location that is read and written as plain data.
  std::memory_order failure = std::memory_order::seq_cst;
  bool weak = false;
  bool expects_location = false;
  unsigned expected = 0;
  std::vector<expression> operands{};  ///< one or two; what is written
  position at{};
  friend bool operator==(const expression&, const expression&) = default;
};

struct statement {
  enum class kind : std::uint8_t { evaluate, assign, store, fence, branch, loop, assume };
  kind is = kind::evaluate;
  unsigned local = 0;                                    ///< assign
  litmus_core::access access{};                          ///< store
  std::memory_order order = std::memory_order::seq_cst;  ///< fence
  std::optional<expression> value{};                     ///< or the condition
  std::vector<statement> body{};                         ///< branch, loop
  std::vector<statement> otherwise{};                    ///< branch
  bool body_first = false;                               ///< do ... while
  position at{};
  friend bool operator==(const statement&, const statement&) = default;
};

struct local {
  std::string name;
  value initial = 0;
  friend bool operator==(const local&, const local&) = default;
};

struct thread {
  std::vector<local> locals;
  std::vector<statement> body;
  friend bool operator==(const thread&, const thread&) = default;
};

struct location {
  std::string name;
  value initial = 0;
  friend bool operator==(const location&, const location&) = default;
};

/// A local at the end of its thread, or a location at the end of all.
struct observed {
  static constexpr int no_thread = -1;
  int thread = no_thread;
  unsigned index = 0;
  friend bool operator==(const observed&, const observed&) = default;
};

/// What may hold of an outcome.
struct proposition {
  enum class kind : std::uint8_t { always, equal, all, any, none };
  kind is = kind::always;
  observed left{};
  value right = 0;
  std::vector<proposition> parts{};
  friend bool operator==(const proposition&, const proposition&) = default;
};

enum class quantifier : std::uint8_t { exists, exists_not, for_all };

struct program {
  std::string name;
  std::vector<location> locations;
  std::vector<litmus_core::thread> threads;
  std::vector<observed> shown{};        ///< besides those of the condition
  std::optional<proposition> filter{};  ///< other outcomes do not count
  quantifier asks = quantifier::for_all;
  proposition condition{};
  friend bool operator==(const program&, const program&) = default;
};

/// What the text cannot be read for.
struct reading_error {
  position at;
  std::string message;
};

/// One of the two.
struct reading {
  std::optional<litmus_core::program> program;
  reading_error error;
};

/// What an outcome shows, in herd's order: locals of the threads, then locations, each by name.
std::vector<observed> observed_by(const program& p);
/// The same, then what the filter looks at.
std::vector<observed> needed_by(const program& p);
/// "0:r1" or "[x]".
std::string name_of(const program& p, const observed& o);

}  // namespace runnel::litmus_core
