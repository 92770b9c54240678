// SPDX-License-Identifier: MIT
//
// Random programs as data, which can be shrunk and shown.
#pragma once

#include "../litmus/program.hpp"

#include <rapidcheck.h>

#include <cstdint>
#include <ostream>
#include <vector>

namespace runnel::reference {

struct step {
  enum class kind : std::uint8_t {
    nothing,
    load,
    store,
    add,
    exchange,
    compare,
    fence,
    await,
    choose,
    assume
  };
  unsigned thread = 0;
  kind is = kind::nothing;
  bool only_if_seen = false;  ///< left out if the thread's last value read is 0, or none is read
  unsigned location = 0;
  std::memory_order order = std::memory_order::relaxed;
  std::memory_order failure = std::memory_order::relaxed;
  int value = 0;         ///< written, or waited for
  int expected = 0;      ///< of a compare-exchange; assumed of the thread's last value read
  bool negated = false;  ///< waits for, or assumes, any other value
};

using steps = std::vector<step>;

std::ostream& operator<<(std::ostream& out, const step& s);

litmus::program program_of(const steps& all);

rc::Gen<steps> random_steps();

}  // namespace runnel::reference
