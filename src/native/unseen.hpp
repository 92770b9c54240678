// SPDX-License-Identifier: MIT
//
// Code of the program whose memory accesses and system calls reach nobody: functions that are not compiled with
// -fsanitize=thread, and within the others the instructions that a compiler puts nowhere then. Those come of inline
// assembly, and of functions that the attribute no_sanitize leaves out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace runnel::model::native {

struct unseen_code {
  enum class reason {
    not_compiled_so,  ///< as the debug information says
    not_told,         ///< there is none, or it does not name the options of the compiler
    instruction
  };
  std::uintptr_t address;   ///< of the first instruction
  std::uint8_t first_byte;  ///< of that, as the file of the program has it
  reason why;
  const char* symbol;            ///< of the function
  const char* instruction = "";  ///< if that is why
  bool is_locked = false;        ///< it has the prefix
};

/// By address. Throws std::runtime_error if the program has no symbols, since nothing is known of it then.
const std::vector<unseen_code>& unseen_code_of_program();

}  // namespace runnel::model::native
