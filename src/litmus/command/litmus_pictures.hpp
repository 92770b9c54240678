// SPDX-License-Identifier: MIT
//
// Executions of litmus tests as pictures.
#pragma once

#include "litmus/execution.hpp"
#include "litmus/forbidden.hpp"
#include "litmus/program.hpp"
#include "picture/drawing.hpp"

#include <runnel/model/picture.hpp>

#include <cstddef>
#include <string>

namespace runnel::cli {

model::picture picture_of(const litmus_core::program& p, const litmus_core::execution& x);
/// A forbidden candidate, with the cycle of the first axiom that it violates.
drawing drawing_of(const litmus_core::program& p, const litmus_core::forbidden_execution& f);

/// The SVG files of one test after another: NAME-1.svg and so on, NAME-forbidden-1.svg and so on.
class picture_files {
 public:
  static constexpr std::size_t most = 100;  ///< of each test

  /// Throws std::runtime_error if the folder cannot be made.
  explicit picture_files(const std::string& folder);
  /// For the executions from now on.
  void begin(const litmus_core::program& p);
  /// Throws std::runtime_error if it cannot be drawn or written.
  void add(const litmus_core::execution& x, const std::string& caption);
  /// The same; `number`: of the candidate, from 1.
  void add(const litmus_core::forbidden_execution& f, std::size_t number);
  /// How many of the last test were not drawn.
  [[nodiscard]] std::size_t left_out() const { return asked_ > most ? asked_ - most : 0; }

 private:
  void write(const drawing& d, const std::string& which) const;

  std::string folder_;
  const litmus_core::program* program_ = nullptr;
  std::size_t asked_ = 0;
};

}  // namespace runnel::cli
