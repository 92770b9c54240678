// SPDX-License-Identifier: MIT
//
// Comes before each scenario file where several are compiled as one: what all of them have gets a name of
// the file's own. Whatever they include comes first, and keeps its names.
#include "async_scenarios.hpp"
#include "scenarios.hpp"
#include "select_scenarios.hpp"

#include <algorithm>

#undef fill
#undef registered
#define RUNNEL_NAMED(name, of_file) name##_##of_file
#define RUNNEL_NAME(name, of_file) RUNNEL_NAMED(name, of_file)
#define fill RUNNEL_NAME(fill, RUNNEL_SCENARIO_FILE)
#define registered RUNNEL_NAME(registered, RUNNEL_SCENARIO_FILE)
