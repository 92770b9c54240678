// SPDX-License-Identifier: MIT
#include "ours.hpp"

#include "others.hpp"

#include "no_exceptions/operations.hpp"

void before_others() { all_operations(); }
