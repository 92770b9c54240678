// SPDX-License-Identifier: MIT
//
// What people call an address: a variable, a block of the heap, a line of the source.
#pragma once

#include "model/place_name.hpp"

#include <cstdint>
#include <string>

namespace runnel::model::native {

/// Of an instruction, by the address to which a call of it returns.
place place_of_return(std::uintptr_t address);
/// The function that has called, by the address to which that returns; empty if it is none that people have written.
std::string caller_of_return(std::uintptr_t address);
/// Of data.
std::string name_of(std::uintptr_t address);
/// Reads what the program says of itself. Once.
void know_names();

}  // namespace runnel::model::native
