// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace runnel::check::fuzz {

/// Of the standard library only the generator: what its distributions draw is not specified.
class random_source {
 public:
  random_source(std::uint64_t seed, std::uint64_t number) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U),
                        static_cast<std::uint32_t>(number),
                        static_cast<std::uint32_t>(number >> 32U)};
    engine_.seed(words);
  }

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(engine_() % values.size()));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace runnel::check::fuzz
