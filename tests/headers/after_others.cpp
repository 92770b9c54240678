// SPDX-License-Identifier: MIT
#include "others.hpp"

#include "ours.hpp"

#include "no_exceptions/operations.hpp"

void after_others() { all_operations(); }
