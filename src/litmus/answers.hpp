// SPDX-License-Identifier: MIT
//
// What the page in a browser asks of a program, answered as JSON.
#pragma once

#include "execution.hpp"
#include "forbidden.hpp"
#include "program.hpp"
#include "search.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::litmus_core {

class answers {
 public:
  /// Executions that are kept to be shown; of others only the outcome counts. At least a few of each outcome are.
  static constexpr std::size_t most_kept = 20'000;
  static constexpr std::size_t kept_of_each = 10;
  static constexpr std::size_t most_explained = 20;

  using over = std::function<bool(double done)>;

  /// Reads the program and searches. `error` with `line`, `column` and `message`; or `name`, `kind`, `condition`,
  /// `verdict`, `observation`, `positive`, `negative`, `filtered`, `cut`, `incomplete`, `millionths` (done), `shown` (names), `states`
  /// (`values`, as text, `executions`, `witness`), `kept` (of each kept execution its state), `race` (as an execution,
  /// with `racing`).
  std::string search(std::string_view text, model_name m, unsigned rounds, const over& is_over);
  /// Of the kept ones: `events`, `edges`.
  [[nodiscard]] std::string execution_at(std::size_t i) const;
  /// `asked`, `candidates`, `allowed`, `shown` (how many), `incomplete`.
  std::string explain(const over& is_over);
  /// Of those shown: as an execution, with `axioms` (`axiom`, `formula`, `cycle`).
  [[nodiscard]] std::string forbidden_at(std::size_t i) const;

 private:
  void keep(const execution& x);
  [[nodiscard]] std::string found_text() const;

  std::optional<program> program_;
  model_name model_ = model_name::rc11;
  unsigned rounds_ = 2;
  findings found_;
  forbidden forbidden_;
  std::vector<execution> kept_;
  std::vector<std::vector<value>> outcomes_;       ///< of the kept ones
  std::map<std::vector<value>, std::size_t> few_;  ///< how many are kept of an outcome
};

}  // namespace runnel::litmus_core
