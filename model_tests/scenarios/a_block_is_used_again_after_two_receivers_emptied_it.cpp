// SPDX-License-Identifier: MIT
//
// Two receivers take the two messages of a block; the second to be done makes it ready for the sender,
// who comes to it again with the fifth message, while the first may still be on its way out: what it
// read must be read before its place is written again.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.made_for({"mpmc"});
  const queue_program p{unbounded,
                        {{try_send(1), try_send(2), try_send(3), try_send(4), try_send(5)},
                         {try_recv()},
                         {try_recv()}},
                        2};
  file.add("blocks of 2", search::bounded(1),
           [p](engine e, const search& how, const options& o) { return check::run(e, p, how, o); });
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
