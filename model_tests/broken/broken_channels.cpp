// SPDX-License-Identifier: MIT
//
// The broken channels: each has one realistic mistake, and passes as a scenario only if the engine
// finds a failure of the expected kind. A checker that cannot fail is worth nothing.
#include "mistakes.hpp"
#include "runs/engine_runs.hpp"

#include <runnel/core/site.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    result r = e == engine::explorer ? on_graphs::mistaken(p, how_now, o)
                                     : on_relacy::mistaken(p, how_now, o);
    current_mistake() = mistake::none;
    current_weakening() = {};
    current_mutation() = {};
    return r;
  };
  return s;
}

/// The broken channel on each engine.
class broken_file {
 public:
  void add(std::string_view what, const flaw& f, std::string_view expected, const program& p,
           std::string_view expected_of_relacy = {}) {
    add_on_engines(what, f, expected, p, expected_of_relacy);
  }
  void add(std::string_view what, const flaw& f, std::string_view expected,
           const queue_program& p) {
    add_on_engines(what, f, expected, p);
  }
  void add(std::string_view what, const flaw& f, std::string_view expected,
           const waiting_program& p) {
    add_on_engines(what, f, expected, p);
  }
  std::vector<scenario> take() { return std::move(all_); }

 private:
  template <class Program>
  void add_on_engines(std::string_view what, const flaw& f, std::string_view expected,
                      const Program& p, std::string_view expected_of_relacy = {}) {
    all_.push_back(broken_on(engine::explorer, what, f, expected, p, search::full()));
    all_.push_back(broken_on(engine::relacy, what, f,
                             expected_of_relacy.empty() ? expected : expected_of_relacy, p,
                             search::bounded(2)));
  }

  std::vector<scenario> all_;
};

// Programs in which the mistakes show. A lost wake-up shows only if nobody closes the channel
// meanwhile: hence senders with more messages than there is room for.
const program one_message{1, {sender({send(1)}), receiver({recv()})}, 1};
const program one_message_in_list{unbounded, {sender({send(1)}), receiver({recv()})}, 1};
const program ring_of_one{1, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program ring_of_two{2, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program last_sender_goes{1, {sender({}), receiver({recv()}), receiver({recv()})}, 1};
const program two_senders_one_timed{
    1, {sender({send(1), send_for(2)}), sender({send(3)}), draining_receiver()}, 1};
const waiting_program two_tokens_for_two{{2, -1, -1}};
const program two_messages_in_list{unbounded, {sender({send(1), send(2)}), draining_receiver()}, 1};
const program full_and_empty{
    2, {sender({send(1), try_send(2), try_send(3)}), receiver({try_recv(), try_recv()})}, 1};
/// Thread 0 has sent its message before it receives, and nobody else receives.
const queue_program sends_then_receives{2, {{try_send(1), try_recv()}, {try_send(2)}}};
const program timed_hand_off{rendezvous, {sender({send_for(1)}), receiver({recv_for()})}, 1};

std::vector<scenario> wrong_orders() {
  broken_file broken;
  broken.add("the publication is relaxed", too_weak("ring.publish", core::relaxed), kind::data_race,
             one_message);
  broken.add("the message is seen relaxed", too_weak("ring.see_message", core::relaxed),
             kind::data_race, one_message);
  broken.add("the slot is released relaxed", too_weak("ring.release", core::relaxed),
             kind::data_race, ring_of_one);
  broken.add("the close is relaxed", too_weak("ring.close", core::relaxed), kind::data_race,
             {1, {sender({}), receiver({recv()})}, 1});
  broken.add("the publication in the list is relaxed", too_weak("list.publish", core::relaxed),
             kind::data_race, one_message_in_list);
  broken.add("a block is reused without waiting for its receivers",
             too_weak("list.receive_done", core::relaxed), kind::data_race,
             {unbounded,
              {sender({send(1), send(2), send(3), send(4), send(5)}), receiver({recv()}),
               draining_receiver()},
              2});
  broken.add("the mutex is released relaxed", too_weak("mutex.unlock", core::relaxed),
             kind::data_race, timed_hand_off);
  broken.add("the registration is relaxed", too_weak("waiters.register", core::relaxed),
             kind::deadlock, one_message);
  broken.add("the claim of a sender is not seq_cst", too_weak("ring.claim_send", core::release),
             kind::deadlock, ring_of_one);
  broken.add("the drop of a handle is relaxed", too_weak("count.drop", core::relaxed),
             kind::data_race, {1, {sender({}), sender({}), receiver({recv()})}, 1});
  return broken.take();
}

std::vector<scenario> wrong_code() {
  broken_file broken;
  broken.add("nobody is notified", made(mistake::no_notify), kind::deadlock, ring_of_one);
  broken.add("the close wakes nobody", made(mistake::no_wake_at_close), kind::deadlock,
             last_sender_goes);
  broken.add("the close wakes one of two", made(mistake::one_wake_at_close), kind::deadlock,
             last_sender_goes);
  broken.add("the check comes before the registration", made(mistake::check_before_registration),
             kind::deadlock, one_message);
  broken.add("a notification is swallowed", made(mistake::swallowed_notification), kind::deadlock,
             two_tokens_for_two);
  broken.add("a waiter is left in its list", made(mistake::forgotten_waiter), kind::use_after_free,
             two_senders_one_timed);
  broken.add("every drop of a handle closes", made(mistake::every_drop_the_last),
             kind::use_after_free, {1, {sender({}), sender({send(1)}), draining_receiver()}, 1});
  // The first failing execution is another one for each engine.
  broken.add("a withdrawal does not look", made(mistake::unchecked_withdrawal), kind::leak,
             timed_hand_off, kind::uninitialised);
  broken.add("what is buffered is not destroyed", made(mistake::no_discard), kind::leak,
             {1, {sender({send(1)}), receiver({})}, 1});
  broken.add(
      "the slot is released for the wrong lap",
      written("ring.release", [](std::uint64_t stamp) -> std::uint64_t { return stamp + 2; }),
      kind::deadlock, ring_of_two, kind::livelock);
  return broken.take();
}

/// Each value is there exactly once, and nothing else is wrong than the order of the results.
std::vector<scenario> wrong_results() {
  broken_file broken;
  broken.add("an unpublished place counts as empty", made(mistake::empty_by_slot), kind::order,
             full_and_empty);
  broken.add("two messages of a sender are swapped", made(mistake::swapped_messages), kind::order,
             two_messages_in_list);
  broken.add("empty although a message that happens before is there", made(mistake::empty_by_slot),
             kind::order, sends_then_receives);
  return broken.take();
}

const registration orders{wrong_orders};
const registration code{wrong_code};
const registration results{wrong_results};

}  // namespace
}  // namespace runnel::check
