// SPDX-License-Identifier: MIT
//
// try_send and try_recv meet in a rendezvous.
#include "agreement_rules.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c) { return step(s, c); }

bool allowed_joint(const state& s, const call& sent, const call& received) {
  call waiting = sent;
  waiting.op = op::send;
  return joint(s, is_send(sent.op) ? waiting : sent, received);
}

}  // namespace runnel::spec::agreement
