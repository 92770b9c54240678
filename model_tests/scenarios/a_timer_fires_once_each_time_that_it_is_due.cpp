// SPDX-License-Identifier: MIT
//
// A timer becomes due at any moment: while two threads look at it or wait for it, and while one that
// selects between it and a channel looks, joins the list of the channel, sleeps, or has a message.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  using enum timer_step;
  file.made_for({"mpmc"});
  const auto timers = [&file](const std::string& variant, const timer_program& p) {
    file.on_the_explorer(variant, [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  file.judged_by(judge::assertions);
  timers("two threads wait", {unbounded, {{wait}, {wait}}});
  timers("one waits, two look", {unbounded, {{wait}, {look}, {look}}});
  timers("two threads wait, again and again", {unbounded, {{wait, look}, {wait}}, true});
  file.judged_by(judge::both);
  for (const capacity& c : flavours()) {
    const std::string flavour = flavour_text(c);
    timers("beside a message" + flavour, {c, {{select}, {send}}});
    timers("beside a message, another waits" + flavour, {c, {{select}, {send}, {wait}}});
    timers("beside a channel without one" + flavour, {c, {{select}}, false, true});
  }
  timers("two threads select, again and again", {1, {{select}, {select}}, true, true});
  timers("beside a message, again and again", {1, {{select, select}, {send}}, true});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
