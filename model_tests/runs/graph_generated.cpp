// SPDX-License-Identifier: MIT
#include "fuzz/subject.hpp"
#include "support/scenarios.hpp"

namespace runnel::check {

namespace {

const fuzz::subject_registration registered{
    {std::string(fuzz::shipped), [](const fuzz::generated& g, const options& o) {
       if (g.selects) return run(engine::explorer, *g.selects, g.mpmc, search::full(), o);
       return run(engine::explorer, g.program, g.mpmc, search::full(0, g.failed_allocations), o);
     }}};

}  // namespace

}  // namespace runnel::check
