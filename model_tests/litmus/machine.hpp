// SPDX-License-Identifier: MIT
//
// What the threads of a litmus program call. The explorer and the reference explorer each have a
// machine of their own, so that a program is written once.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace runnel::litmus {

using order = std::memory_order;
inline constexpr order rlx = order::relaxed;
inline constexpr order acq = order::acquire;
inline constexpr order rel = order::release;
inline constexpr order acq_rel = order::acq_rel;
inline constexpr order sc = order::seq_cst;

/// Locations. Programs with more of them count on.
inline constexpr unsigned x = 0;
inline constexpr unsigned y = 1;
inline constexpr unsigned z = 2;
inline constexpr unsigned w = 3;

/// What an await waits for.
struct condition {
  enum class kind : std::uint8_t { equal, unequal, above };
  kind is = kind::equal;
  int value = 0;
  bool operator()(int v) const {
    if (is == kind::above) return v > value;
    return (v == value) == (is == kind::equal);
  }
};
inline condition equal(int v) { return {condition::kind::equal, v}; }
inline condition unequal(int v) { return {condition::kind::unequal, v}; }
inline condition above(int v) { return {condition::kind::above, v}; }

/// A read-modify-write.
struct change {
  enum class kind : std::uint8_t { add, exchange, compare };
  kind how = kind::add;
  int operand = 0;
  int expected = 0;
  order success = rlx;
  order failure = rlx;
};

/// What a program notes of an execution: values named 'a' to 'p'.
struct registers {
  static constexpr std::size_t count = 16;
  std::array<int, count> value{};
  std::uint32_t known = 0;
  void set(char name, int v) {
    const auto r = static_cast<std::size_t>(name - 'a');
    value.at(r) = v;
    known |= std::uint32_t{1} << r;
  }
  friend auto operator<=>(const registers&, const registers&) = default;
};

class machine {
 public:
  explicit machine(registers& r) : registers_(r) {}
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;
  virtual ~machine() = default;

  virtual int load(unsigned location, order o) = 0;
  virtual void store(unsigned location, int value, order o) = 0;
  /// Returns the value that it read.
  virtual int modify(unsigned location, const change& c) = 0;
  virtual void fence(order o) = 0;
  virtual int await(unsigned location, condition c, order o) = 0;
  virtual int choose(int n) = 0;
  /// The thread goes no further: the execution is not a complete one.
  virtual void stop() = 0;

  int fetch_add(unsigned l, int v, order o) { return modify(l, {change::kind::add, v, 0, o, rlx}); }
  int exchange(unsigned l, int v, order o) {
    return modify(l, {change::kind::exchange, v, 0, o, rlx});
  }
  /// Returns the value that it read: it succeeded if that is the expected one.
  int compare_exchange(unsigned l, int expected, int v, order success, order failure) {
    return modify(l, {change::kind::compare, v, expected, success, failure});
  }
  bool cas(unsigned l, int expected, int v, order success, order failure) {
    return compare_exchange(l, expected, v, success, failure) == expected;
  }
  void assume(bool condition) {
    if (!condition) stop();
  }

  /// What is noted is no part of the program.
  virtual void see(char name, int value) { registers_.set(name, value); }
  /// A load whose value is noted.
  int read(char name, unsigned location, order o) {
    const int v = load(location, o);
    see(name, v);
    return v;
  }

 private:
  registers& registers_;
};

}  // namespace runnel::litmus
