// SPDX-License-Identifier: MIT
//
// The variables of the program: what they hold as the search begins, each execution begins with.
#pragma once

#include <link.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model::native {

class image {
 public:
  /// Of the program itself, without its libraries.
  image();
  void restore() const;
  /// Whether a variable of the program lies there; or one of a library, which does not begin anew.
  [[nodiscard]] bool has(std::uintptr_t address) const { return lies_in(writable_, address); }
  /// Where variables lie: of the program and its libraries.
  [[nodiscard]] const auto& writable() const { return writable_; }
  /// The latter.
  [[nodiscard]] bool has_in_library(std::uintptr_t address) const {
    return lies_in(of_libraries_, address);
  }
  /// From where the addresses of its code count.
  [[nodiscard]] static std::uintptr_t base() { return base_; }
  [[nodiscard]] static bool has_thread_locals();
  /// Where libraries keep what they have for each thread, of the one thread of the system that there is.
  struct thread_locals {
    std::uintptr_t begin;
    std::uintptr_t end;
    [[nodiscard]] bool contain(std::uintptr_t p) const { return begin <= p && p < end; }
  };
  [[nodiscard]] static thread_locals of_libraries();
  struct range {
    std::uintptr_t begin;
    std::uintptr_t end;
  };
  /// Where its code is.
  [[nodiscard]] static std::vector<range> code();

 private:
  struct part {
    std::byte* begin;
    std::vector<std::byte> held;
  };
  std::vector<part> parts_;
  static const std::uintptr_t base_;
  [[nodiscard]] static bool lies_in(const std::vector<range>& ranges, std::uintptr_t address);
  std::vector<range> writable_;  ///< of the program and its libraries
  std::vector<range> of_libraries_;
};

}  // namespace runnel::model::native
