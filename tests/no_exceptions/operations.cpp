// SPDX-License-Identifier: MIT
//
// A program without exceptions and RTTI.
#include "operations.hpp"

int main() { all_operations(); }
