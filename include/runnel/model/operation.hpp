// SPDX-License-Identifier: MIT
//
// What a read-modify-write does with the value that it reads. Values are 64 bits; an operation on
// a narrower type wraps around at its width.
#pragma once

#include <runnel/core/language.hpp>

#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>

namespace runnel::model {

enum class operation_kind : std::uint8_t {
  read,      ///< writes nothing
  exchange,  ///< the operand
  compare,   ///< the operand if the value is the expected one
  add,
  subtract,
  bit_and,
  bit_or,
  bit_xor,
  add_floating,  ///< of float or double, as wide as the operation
  subtract_floating,
  add_below,  ///< adds the operand if the value is less than the expected one
  take,       ///< subtracts the operand if the value is no less than it
  wake_one,   ///< clears one bit of those that are set, which one is a choice; writes if any is set
  wake_all,   ///< clears all bits; writes if any is set
};

struct operation {
  operation_kind kind = operation_kind::read;
  std::uint8_t bytes = 8;
  std::memory_order order = std::memory_order::relaxed;    ///< if it writes
  std::memory_order failure = std::memory_order::relaxed;  ///< if it writes nothing
  std::uint64_t operand = 0;
  std::uint64_t expected = 0;
  friend bool operator==(const operation&, const operation&) = default;
};

inline std::uint64_t wrapped(std::uint64_t value, unsigned bytes) {
  return bytes >= 8 ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

/// The sum, or the difference, of two numbers of type F.
template <class F, class Bits>
std::uint64_t floating_result(operation_kind kind, std::uint64_t value, std::uint64_t operand) {
  const auto a = std::bit_cast<F>(static_cast<Bits>(value));
  const auto b = std::bit_cast<F>(static_cast<Bits>(operand));
  return std::bit_cast<Bits>(kind == operation_kind::add_floating ? a + b : a - b);
}

/// The value with the `which`-th of its set bits cleared.
inline std::uint64_t without_bit(std::uint64_t value, unsigned which) {
  std::uint64_t rest = value;
  for (; which > 0; --which) rest &= rest - 1;
  return value & ~(rest & (~rest + 1));
}

/// Whether the operation writes when it reads this value.
inline bool writes(const operation& op, std::uint64_t value) {
  switch (op.kind) {
    case operation_kind::read: return false;
    case operation_kind::compare: return value == op.expected;
    case operation_kind::add_below: return value < op.expected;
    case operation_kind::take: return value >= op.operand;
    case operation_kind::wake_one:
    case operation_kind::wake_all: return value != 0;
    case operation_kind::exchange:
    case operation_kind::add:
    case operation_kind::subtract:
    case operation_kind::bit_and:
    case operation_kind::bit_or:
    case operation_kind::bit_xor:
    case operation_kind::add_floating:
    case operation_kind::subtract_floating: break;
  }
  return true;
}

/// The number of values among which the operation chooses.
inline unsigned alternatives(const operation& op, std::uint64_t value) {
  return op.kind == operation_kind::wake_one ? static_cast<unsigned>(std::popcount(value)) : 1;
}

/// What it writes, if it writes.
inline std::uint64_t result_of(const operation& op, std::uint64_t value, unsigned choice) {
  switch (op.kind) {
    case operation_kind::read: return value;
    case operation_kind::exchange:
    case operation_kind::compare: return op.operand;
    case operation_kind::add:
    case operation_kind::add_below: return wrapped(value + op.operand, op.bytes);
    case operation_kind::subtract:
    case operation_kind::take: return wrapped(value - op.operand, op.bytes);
    case operation_kind::bit_and: return value & op.operand;
    case operation_kind::bit_or: return value | op.operand;
    case operation_kind::bit_xor: return value ^ op.operand;
    case operation_kind::add_floating:
    case operation_kind::subtract_floating:
      return op.bytes == sizeof(float)
                 ? floating_result<float, std::uint32_t>(op.kind, value, op.operand)
                 : floating_result<double, std::uint64_t>(op.kind, value, op.operand);
    case operation_kind::wake_one: return without_bit(value, choice);
    case operation_kind::wake_all: return 0;
  }
  return value;
}

}  // namespace runnel::model
