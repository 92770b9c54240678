// SPDX-License-Identifier: MIT
//
// A thread as a list of instructions, and a machine that runs it: a program counter and registers, which stops before
// each access, fence and choice and is told what came of it.
#pragma once

#include "program.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::litmus_core {

struct instruction {
  enum class kind : std::uint8_t {
    load,     ///< into the target
    store,    ///< the value
    update,   ///< what was there comes into the target
    compare,  ///< whether it wrote comes into the target; if not, what is there into `expected`
    fence,
    set,     ///< the target becomes the value
    unless,  ///< jumps unless the value is true
    jump,
    assume,       ///< the thread goes no further unless the value is true
    count_round,  ///< of a loop, in the target: the thread goes no further if it has made all rounds
  };
  kind is = kind::set;
  unsigned target = 0;
  litmus_core::access access{};
  std::memory_order failure = std::memory_order::relaxed;
  litmus_core::update updates = litmus_core::update::exchange;
  bool weak = false;
  unsigned expected = 0;
  expression value{};  ///< without accesses
  std::size_t to = 0;
  position at{};
};

struct code {
  std::vector<instruction> instructions;
  std::vector<value> initial;  ///< of the registers: first the locals, then others
};

code compiled(const thread& t);

value result_of(const expression& e, const std::vector<value>& registers);
/// Of what was there, and the operand.
value result_of(update u, value old, value operand);

class machine {
 public:
  enum class stop : std::uint8_t {
    access,  ///< at an instruction that shared() is; or a fence
    finished,
    assumed,   ///< where it has assumed what does not hold
    unrolled,  ///< where a loop goes on after all the rounds that it may have
  };

  machine(const code& c, unsigned rounds) : code_(c), rounds_(rounds) { begin(); }
  /// From the start.
  void begin();
  /// Goes to the next access or fence.
  stop go_on();

  /// The instruction, after `access`.
  [[nodiscard]] const instruction& at() const { return code_.instructions[next_]; }
  /// What a store writes, what an update changes with, what a compare-exchange writes.
  [[nodiscard]] value operand() const { return result_of(at().value, registers_); }
  [[nodiscard]] value expected() const { return registers_[at().expected]; }

  // It has been done.
  void done() { ++next_; }
  void done(value read) {
    registers_[at().target] = read;
    ++next_;
  }
  void compared(bool wrote, value read) {
    if (!wrote) registers_[at().expected] = read;
    done(wrote ? 1 : 0);
  }

  [[nodiscard]] value local(unsigned l) const { return registers_[l]; }

 private:
  const code& code_;
  unsigned rounds_;
  std::size_t next_ = 0;
  std::vector<value> registers_;
};

}  // namespace runnel::litmus_core
