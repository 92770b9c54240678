// SPDX-License-Identifier: MIT
//
// Two blocks of one message take turns. A sender has claimed the only slot of a block that is used again
// and not yet linked the next one when a receiver follows the link: it must wait for the new link, and
// not take the one that the block had before.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.made_for({"mpmc"});
  const queue_program p{
      unbounded,
      {{try_send(1), try_recv(), try_send(2), try_recv(), try_send(3)}, {try_recv(), try_recv()}},
      1};
  file.on_the_explorer("blocks of 1", [p](engine e, const search& how, const options& o) {
    return check::run(e, p, how, o);
  });
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
