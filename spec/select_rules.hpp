// SPDX-License-Identifier: MIT
//
// The C++ rules of a select that are compared with those in Promela. A test puts changed ones in their
// place.
#pragma once

#include "select_spec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace runnel::spec::agreement {

/// Two calls on two channels and a timer. Their cases are numbered as in select.pml.
struct select_state {
  basic_world<2, 2, std::uint8_t> world;
  std::array<basic_select<6, std::uint8_t>, 2> calls;
};

/// What happens, in the order of select_agreement.pml.
enum class action : std::uint8_t {
  choose,
  meet,
  see_impossible,
  end_waiting,
  fail,
  has_sent,
  drop_sender,
  drop_receiver,
  become_due,
  request_stop,
  close,
};

struct select_label {
  agreement::action action;
  std::size_t call = 0;
  std::size_t which = 0;  ///< case
  response answer = response::ok;
  std::uint8_t message = 0;
  std::size_t other_call = 0;
  std::size_t other_case = 0;
};

/// Whether the label is allowed; if so, `s` becomes the state after, else it is unspecified.
bool allowed(select_state& s, const select_label& l);

/// `allowed` without mistakes.
inline bool is_allowed(select_state& s, const select_label& l) {
  auto& call = s.calls[l.call];
  auto& channel = s.world.channels[l.which / 2 % 2];
  switch (l.action) {
    case action::choose: return choose(s.world, call, l.which, l.answer, l.message);
    case action::meet: return meet(s.world, call, l.which, s.calls[l.other_call], l.other_case);
    case action::see_impossible: return see_impossible(s.world, call, l.which);
    case action::end_waiting: return end_waiting(s.world, call, l.answer);
    case action::fail: return fail(call, l.answer);
    case action::has_sent: return call.cases[l.which].sent;
    case action::drop_sender: return step(channel, {op::drop_sender});
    case action::drop_receiver: return step(channel, {op::drop_receiver});
    case action::become_due: return become_due(s.world.timer);
    case action::request_stop: request_stop(s.world); return true;
    case action::close: return step(channel, {op::close});
  }
  return false;
}

}  // namespace runnel::spec::agreement
