// SPDX-License-Identifier: MIT
//
// While a program is explored, there is a breakpoint at all code of it that is not seen (unseen.hpp): an execution
// that runs into one has failed. What else runs there meanwhile, such as an unobserved function, goes on.
#pragma once

#include "allowed.hpp"
#include "unseen.hpp"

#include "model/interception.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace runnel::model::native {

class breakpoints {
 public:
  /// Throws std::system_error if the system lets nobody write where code is.
  explicit breakpoints(const allowed_functions& allowed);
  /// Puts back what was there.
  ~breakpoints();
  breakpoints(const breakpoints&) = delete;
  breakpoints& operator=(const breakpoints&) = delete;

  /// Those of the search that goes on.
  static const breakpoints& only() { return *only_; }
  [[nodiscard]] const unseen_code& operator[](std::size_t i) const { return *set_[i]; }

 private:
  static bool takes(void* context);
  [[nodiscard]] std::optional<std::size_t> at(std::uintptr_t address) const;

  static inline constinit breakpoints* only_ = nullptr;
  std::vector<const unseen_code*> set_;  // by address
  const interception signals_{std::nullopt};
};

}  // namespace runnel::model::native
