// SPDX-License-Identifier: MIT
#include "others.hpp"

#include "macros.hpp"

#include "ours.hpp"

#include "no_exceptions/operations.hpp"

void among_macros() { all_operations(); }
