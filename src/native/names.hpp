// SPDX-License-Identifier: MIT
//
// What people call an address: a variable, a block of the heap, a line of the source.
#pragma once

#include "image.hpp"

#include "model/place_name.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

struct Dwfl_Module;

namespace runnel::model::native {

/// A call by a library, to this address.
place place_in_library(std::uintptr_t address);
/// Of an instruction, by the address to which a call of it returns.
inline place place_of_return(std::uintptr_t address) {
  const std::uintptr_t offset = address - 1 - image::base();
  if (offset <= std::numeric_limits<unsigned>::max())
    return {in_machine_code, static_cast<unsigned>(offset)};
  return place_in_library(address);
}
/// The function that has called, by the address to which that returns; empty if it is none that people have written.
std::string caller_of_return(std::uintptr_t address);
/// The function in which the code of the program is, and those that are inlined there, without their parameters.
std::vector<std::string> functions_around(place code);
/// Of data.
std::string name_of(std::uintptr_t address);
/// Of a function, without its parameters.
std::string name_of_function(const char* symbol);
/// What the program itself, without its libraries, says of itself; null if that cannot be read.
Dwfl_Module* module_of_program();
/// Reads what the program says of itself. Once.
void know_names();

}  // namespace runnel::model::native
