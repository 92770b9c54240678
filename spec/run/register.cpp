// SPDX-License-Identifier: MIT
//
// The checks of the spec, for the runnel command.
#include "spec_check.hpp"

namespace {

const runnel::check::registration spec_checks([] {
  return runnel::spec::scenarios_of(RUNNEL_SPEC_MANIFEST, {.directory = RUNNEL_VERIFIERS});
});

}  // namespace
