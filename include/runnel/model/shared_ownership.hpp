// SPDX-License-Identifier: MIT
//
// What the word of a mutex that threads may share holds, and the steps that change it.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>

#include <atomic>
#include <bit>
#include <cstdint>

namespace runnel::model {

/// From below: how many have held it alone and unlocked it, a bit for each thread that holds it, and whether that one
/// holds it alone.
class shared_ownership {
 public:
  /// So many threads have a bit.
  static constexpr unsigned most_holders = 39;

  /// Its holders, as bits; 0 if there is none.
  static constexpr std::uint64_t holders(std::uint64_t word) { return word & (alone - one_holder); }
  /// Whether the thread is one of them.
  static constexpr bool is_held_by(unsigned thread, std::uint64_t word) {
    return (word & mine(thread)) != 0;
  }
  /// Whether there is one, who holds it alone.
  static constexpr bool is_held_alone(std::uint64_t word) { return (word & alone) != 0; }
  /// The first of the holders, of which there is one.
  static constexpr unsigned first_of(std::uint64_t holders) {
    return static_cast<unsigned>(std::countr_zero(holders)) - first_holder;
  }
  /// How many have held it alone and unlocked it.
  static constexpr std::uint64_t owners_before(std::uint64_t word) { return word % one_holder; }

  /// The thread takes it alone, if nobody holds it. Acquires.
  static constexpr operation lock_alone(unsigned thread) {
    return {.kind = operation_kind::add_below,
            .order = std::memory_order::acquire,
            .operand = alone | mine(thread),
            .expected = one_holder};
  }
  /// The thread shares it, unless it is held alone. Does not acquire: others who have shared it are not to happen
  /// before.
  static constexpr operation share(unsigned thread) {
    return {.kind = operation_kind::add_below, .operand = mine(thread), .expected = alone};
  }
  /// The thread shares it no longer. Releases.
  static constexpr operation share_no_longer(unsigned thread) {
    return {.kind = operation_kind::subtract,
            .order = std::memory_order::release,
            .operand = mine(thread)};
  }

 private:
  static constexpr unsigned first_holder = 24;
  static constexpr std::uint64_t one_holder = std::uint64_t{1} << first_holder;
  static constexpr std::uint64_t alone = std::uint64_t{1} << 63U;
  static_assert(first_holder + most_holders == 63);

  static constexpr std::uint64_t mine(unsigned thread) { return one_holder << thread; }
};

}  // namespace runnel::model
