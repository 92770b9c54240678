// SPDX-License-Identifier: MIT
//
// All executions of a litmus program under a model, and what they show.
#pragma once

#include "execution.hpp"
#include "program.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::litmus_core {

enum class model_name : std::uint8_t { rc11, cxx20, sc, tso };
std::string_view text_of(model_name m);
std::optional<model_name> model_called(std::string_view name);

struct race {
  execution in;
  std::size_t first = 0;
  std::size_t second = 0;
};

struct search_options {
  model_name model = model_name::rc11;
  unsigned rounds = 2;      ///< of a loop
  std::uint64_t limit = 0;  ///< of executions; 0: none
  /// Asked now and then; `done`: how much of the search, 0 to 1; true: enough.
  std::function<bool(double done)> is_over{};
  /// Called for each execution that counts; `witnesses`: whether the condition's proposition holds.
  std::function<void(const execution&, bool witnesses)> visit{};
};

struct findings {
  std::map<std::vector<value>, std::uint64_t>
      outcomes;                ///< of observed_by(), and how many executions show it
  std::uint64_t positive = 0;  ///< executions in which the proposition holds
  std::uint64_t negative = 0;
  std::uint64_t filtered = 0;        ///< complete ones that the filter leaves out
  std::uint64_t cut = 0;             ///< in which a loop has come to its bound
  std::optional<race> first_race{};  ///< then nothing is said of the program's behaviour
  std::string incomplete{};          ///< why not all have been seen; empty if all have
  double done = 1;                   ///< how much of the search, 0 to 1

  [[nodiscard]] std::uint64_t executions() const { return positive + negative; }
};

findings search(const program& p, const search_options& o);

/// Whether what the program asks for is so.
bool is_satisfied(const program& p, const findings& f);

}  // namespace runnel::litmus_core
