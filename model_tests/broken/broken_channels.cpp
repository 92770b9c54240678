// SPDX-License-Identifier: MIT
//
// The broken channels: each has one realistic mistake, and passes as a scenario only if the engine
// finds a failure of the expected kind. A checker that cannot fail is worth nothing.
#include "mistakes.hpp"
#include "runs/engine_runs.hpp"

#include <runnel/core/site.hpp>

#include <string>
#include <string_view>

namespace runnel::check {

namespace {

constexpr std::string_view file = "model_tests/broken/broken_channels.cpp";

/// What is wrong with a channel.
struct flaw {
  check::mistake mistake = mistake::none;
  check::weakening weakening = {};
  check::mutation mutation = {};
};

flaw made(mistake m) { return {m, {}, {}}; }
flaw too_weak(std::string site, std::memory_order order) {
  return {mistake::none, {std::move(site), order, core::relaxed}, {}};
}
flaw written(std::string site, std::uint64_t (*operand)(std::uint64_t)) {
  return {mistake::none, {}, {std::move(site), operand}};
}

/// A broken channel or queue on an engine.
template <class Program>
scenario broken_on(engine e, std::string_view what, const flaw& f, std::string_view expected,
                   const Program& p, const search& how) {
  scenario s;
  s.name = "broken: " + std::string(what);
  s.file = file;
  s.engine = text(e);
  s.search = how;
  s.judged_by = judge::oracle;
  s.expected_failure = expected;
  s.run = [e, f, p](const search& how_now, const options& o) {
    current_mistake() = f.mistake;
    current_weakening() = f.weakening;
    current_mutation() = f.mutation;
    result r = e == engine::relacy ? on_relacy::mistaken(p, how_now, o)
                                   : on_fiber::mistaken(p, how_now, o);
    current_mistake() = mistake::none;
    current_weakening() = {};
    current_mutation() = {};
    return r;
  };
  return s;
}
scenario broken(std::string_view what, const flaw& f, std::string_view expected, const program& p,
                const search& how) {
  return broken_on(engine::relacy, what, f, expected, p, how);
}

const search some = search::bounded(2);

// Programs in which the mistakes show. A lost wake-up shows only if nobody closes the channel
// meanwhile: hence senders with more messages than there is room for.
const program one_message{1, {sender({send(1)}), receiver({recv()})}, 1};
const program one_message_in_list{unbounded, {sender({send(1)}), receiver({recv()})}, 1};
const program ring_of_one{1, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program ring_of_two{2, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program last_sender_goes{1, {sender({}), receiver({recv()}), receiver({recv()})}, 1};
const program two_senders_one_timed{
    1, {sender({send(1), send_for(2)}), sender({send(3)}), draining_receiver()}, 1};
const program two_messages_in_list{unbounded, {sender({send(1), send(2)}), draining_receiver()}, 1};
const program full_and_empty{
    2, {sender({send(1), try_send(2), try_send(3)}), receiver({try_recv(), try_recv()})}, 1};
/// Thread 0 has sent its message before it receives, and nobody else receives.
const queue_program sends_then_receives{2, {{try_send(1), try_recv()}, {try_send(2)}}};
const program timed_hand_off{rendezvous, {sender({send_for(1)}), receiver({recv_for()})}, 1};

std::vector<scenario> wrong_orders() {
  return {
      broken("the publication is relaxed", too_weak("ring.publish", core::relaxed), kind::data_race,
             one_message, some),
      broken("the message is seen relaxed", too_weak("ring.see_message", core::relaxed),
             kind::data_race, one_message, some),
      broken("the slot is released relaxed", too_weak("ring.release", core::relaxed),
             kind::data_race, ring_of_one, some),
      broken("the close is relaxed", too_weak("ring.close", core::relaxed), kind::data_race,
             {1, {sender({}), receiver({recv()})}, 1}, some),
      broken("the publication in the list is relaxed", too_weak("list.publish", core::relaxed),
             kind::data_race, one_message_in_list, some),
      broken("a block is reused without waiting for its receivers",
             too_weak("list.receive_done", core::relaxed), kind::data_race,
             {unbounded,
              {sender({send(1), send(2), send(3), send(4), send(5)}), receiver({recv()}),
               draining_receiver()},
              2},
             some),
      broken("the mutex is released relaxed", too_weak("mutex.unlock", core::relaxed),
             kind::data_race, timed_hand_off, some),
      broken("the registration is relaxed", too_weak("waiters.register", core::relaxed),
             kind::deadlock, one_message, some),
      broken("the claim of a sender is not seq_cst", too_weak("ring.claim_send", core::release),
             kind::deadlock, ring_of_one, some),
      broken("the drop of a handle is relaxed", too_weak("count.drop", core::relaxed),
             kind::data_race, {1, {sender({}), sender({}), receiver({recv()})}, 1}, some),
  };
}

std::vector<scenario> wrong_code() {
  return {
      broken("nobody is notified", made(mistake::no_notify), kind::deadlock, ring_of_one, some),
      broken("the close wakes nobody", made(mistake::no_wake_at_close), kind::deadlock,
             last_sender_goes, some),
      broken("the close wakes one of two", made(mistake::one_wake_at_close), kind::deadlock,
             last_sender_goes, some),
      broken("the check comes before the registration", made(mistake::check_before_registration),
             kind::deadlock, one_message, some),
      broken("a notification is swallowed", made(mistake::swallowed_notification), kind::deadlock,
             two_senders_one_timed, some),
      broken("a waiter is left in its list", made(mistake::forgotten_waiter), kind::use_after_free,
             two_senders_one_timed, some),
      broken("every drop of a handle closes", made(mistake::every_drop_the_last),
             kind::use_after_free, {1, {sender({}), sender({send(1)}), draining_receiver()}, 1},
             some),
      broken("a withdrawal does not look", made(mistake::unchecked_withdrawal), kind::uninitialised,
             timed_hand_off, some),
      broken("what is buffered is not destroyed", made(mistake::no_discard), kind::leak,
             {1, {sender({send(1)}), receiver({})}, 1}, some),
      broken(
          "the slot is released for the wrong lap",
          written("ring.release", [](std::uint64_t stamp) -> std::uint64_t { return stamp + 2; }),
          kind::livelock, ring_of_two, some),
  };
}

/// Each value is there exactly once, and nothing else is wrong than the order of the results.
std::vector<scenario> wrong_results() {
  std::vector<scenario> all{broken("an unpublished place counts as empty",
                                   made(mistake::empty_by_slot), kind::order, full_and_empty,
                                   some)};
  for (const auto& [e, how] :
       {std::pair{engine::relacy, some}, std::pair{engine::fiber, search::random(2000)}}) {
    all.push_back(broken_on(e, "two messages of a sender are swapped",
                            made(mistake::swapped_messages), kind::order, two_messages_in_list,
                            how));
    all.push_back(broken_on(e, "empty although a message that happens before is there",
                            made(mistake::empty_by_slot), kind::order, sends_then_receives, how));
  }
  return all;
}

const registration orders{wrong_orders};
const registration code{wrong_code};
const registration results{wrong_results};

}  // namespace
}  // namespace runnel::check
