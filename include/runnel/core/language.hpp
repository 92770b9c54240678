// SPDX-License-Identifier: MIT
//
// What every public header includes first: in an older language there is one message, and then the
// compiler stops. An #error alone would be followed by a hundred errors about what is missing.
#pragma once

#if __cplusplus <= 202002L
#error "Runnel needs C++23: compile with -std=c++23, and GCC 12, Clang 19, or a newer one of them"
#include <C++23>
#endif
