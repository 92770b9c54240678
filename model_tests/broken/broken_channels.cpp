// SPDX-License-Identifier: MIT
//
// The broken channels: each has one realistic mistake, and passes as a scenario only if the engine
// finds a failure of the expected kind. A checker that cannot fail is worth nothing.
#include "mistaken_on.hpp"

#include "fuzz/subject.hpp"

#include <runnel/core/site.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
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

template <class... Arguments>
result run_on(engine e, const Arguments&... test) {
  switch (e) {
    case engine::explorer: return mistaken_on<engine::explorer>::run(test...);
    case engine::relacy: return mistaken_on<engine::relacy>::run(test...);
    case engine::threads: return mistaken_on<engine::threads>::run(test...);
  }
  throw std::invalid_argument("there is no such engine");
}

template <class Program>
result run_mistaken(engine e, const Program& p, const search& s, const options& o) {
  return run_on(e, p, s, o);
}
result run_mistaken(engine e, const program& p, const search& s, const options& o) {
  return run_on(e, p, p.threads.size() == 3, s, o);
}

result run_mistaken(engine, const timer_program& p, const search& s, const options& o) {
  return run_mistaken_timers(p, s, o);
}

result run_mistaken(engine, const async_program& p, const search& s, const options& o) {
  return run_mistaken_asyncs(p, s, o);
}

/// What `run` returns while channels have the flaw.
template <class Run>
result with(const flaw& f, Run run) {
  current_mistake() = f.mistake;
  current_weakening() = f.weakening;
  current_mutation() = f.mutation;
  result r = run();
  current_mistake() = mistake::none;
  current_weakening() = {};
  current_mutation() = {};
  return r;
}

/// What hangs on real threads hangs for ever; other executions get on within milliseconds.
constexpr std::chrono::milliseconds patience_with_broken{1000};

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
  s.keeps_time = e == engine::explorer;
  s.run = [e, f, p](const search& how_now, const options& o) {
    options less_patient = o;
    less_patient.patience = patience_with_broken;
    return with(f, [&] { return run_mistaken(e, p, how_now, less_patient); });
  };
  return s;
}

/// The broken channel for generated programs.
fuzz::subject subject_with(std::string_view what, const flaw& f) {
  return {std::string(what), [f](const fuzz::generated& g, const options& o) {
            const search how = search::full(0, g.failed_allocations);
            return with(f, [&] {
              if (g.selects) return run_mistaken(engine::explorer, *g.selects, how, o);
              return run_on(engine::explorer, g.program, g.mpmc, how, o);
            });
          }};
}

/// The broken channel on each engine.
class broken_file {
 public:
  template <class Program = program>
  void add(std::string_view what, const flaw& f, std::string_view expected, const Program& p,
           std::string_view expected_of_relacy = {}) {
    add_on(engine::explorer, what, f, expected, p, search::full());
    add_on(engine::relacy, what, f, expected_of_relacy.empty() ? expected : expected_of_relacy, p,
           search::bounded(2));
  }
  /// On real threads, where the processor decides: what shows there soon.
  template <class Program = program>
  void add_on_threads(std::string_view what, const flaw& f, std::string_view expected,
                      const Program& p) {
    add_on(engine::threads, what, f, expected, p, search::random(50 * repetitions));
  }
  /// On the explorer, where in each thread an allocation may fail.
  void add_without_memory(std::string_view what, const flaw& f, std::string_view expected,
                          const program& p) {
    add_on(engine::explorer, what, f, expected, p, search::full(0, 1));
  }
  /// On the explorer, which alone can choose the time.
  void add_with_timer(std::string_view what, const flaw& f, std::string_view expected,
                      const timer_program& p) {
    add_on(engine::explorer, what, f, expected, p, search::full());
  }
  /// On the explorer.
  void add_with_coroutines(std::string_view what, const flaw& f, std::string_view expected,
                           const async_program& p) {
    add_on(engine::explorer, what, f, expected, p, search::full());
  }
  /// What the explorer has to catch, and Relacy has to pass: were that to change, the reason that
  /// stands with the channel would be wrong.
  template <class Program = program>
  void add_beyond_relacy(std::string_view what, const flaw& f, std::string_view expected,
                         const Program& p, const search& relacy_search) {
    add_on(engine::explorer, what, f, expected, p, search::full());
    add_on(engine::relacy, std::string(what) + ", which Relacy does not see", f, {}, p,
           relacy_search);
  }
  /// The same without the mistake: passes everywhere.
  template <class Program>
  void add_sound(std::string_view what, const Program& p) {
    for (const engine e : {engine::explorer, engine::relacy}) {
      add_on(e, what, made(mistake::none), {}, p, search::full());
      all_.back().name = "mended: " + std::string(what);
    }
  }
  std::vector<scenario> take() { return std::move(all_); }

 private:
  template <class Program>
  void add_on(engine e, std::string_view what, const flaw& f, std::string_view expected,
              const Program& p, const search& how) {
    all_.push_back(broken_on(e, what, f, expected, p, how));
    constexpr bool is_generated = !std::is_same_v<Program, mailbox_program> &&
                                  !std::is_same_v<Program, counting_program> &&
                                  !std::is_same_v<Program, order_program>;
    const bool generates = e == engine::explorer && is_generated;
    if (generates && !expected.empty()) fuzz::subjects().push_back(subject_with(what, f));
  }

  std::vector<scenario> all_;
};

// Programs in which the mistakes show. A lost wake-up shows only if nobody closes the channel
// meanwhile: hence senders with more messages than there is room for.
const program one_message{1, {sender({send(1)}), receiver({recv()})}, 1};
const program one_message_in_list{unbounded, {sender({send(1)}), receiver({recv()})}, 1};
const program ring_of_one{1, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program ring_of_two{2, {sender({send(1), send(2), send(3)}), draining_receiver()}, 1};
const program another_receiver_waits{
    .capacity = 1,
    .threads = {sender({send(1), send(2)}), receiver({try_recv()}), receiver({recv()})},
    .stays_open = true};
const program last_sender_goes{1, {sender({}), receiver({recv()}), receiver({recv()})}, 1};
const program two_senders_one_timed{
    1, {sender({send(1), send_for(2)}), sender({send(3)}), draining_receiver()}, 1};
const program second_send_timed{1, {sender({send(1), send_for(2)}), receiver({recv()})}, 1};
const waiting_program two_tokens_for_two{{2, -1, -1}};
const program two_messages_in_list{unbounded, {sender({send(1), send(2)}), draining_receiver()}, 1};
const program full_and_empty{
    2, {sender({send(1), try_send(2), try_send(3)}), receiver({try_recv(), try_recv()})}, 1};
/// Thread 0 has sent its message before it receives, and nobody else receives.
const queue_program sends_then_receives{2, {{try_send(1), try_recv()}, {try_send(2)}}};
/// Two messages fit, and three are sent.
const queue_program full_at_the_end{
    .capacity = 2,
    .threads = {{try_send(1), try_send(2), look_from_sender()}, {try_send(3)}},
    .most = 2,
    .least = 2};
const queue_program one_message_for_two{2, {{try_send(1), try_recv()}, {try_recv()}}};
const program timed_hand_off{rendezvous, {sender({send_for(1)}), receiver({recv_for()})}, 1};

// Nobody else ends a wait for the close, or that of those whom it ends.
const program closed_by_receiver{
    .capacity = 1, .threads = {sender({closed()}), receiver({close()})}, .stays_open = true};
const program closed_by_receiver_of_list{.capacity = unbounded,
                                         .threads = {sender({closed()}), receiver({close()})},
                                         .block_length = 1,
                                         .stays_open = true};
const program closed_after_a_send{1, {sender({send(1)}), receiver({close(), recv()})}, 1};
const program full_when_closed{
    1, {sender({send(1), send(2)}), receiver({close(), recv(), recv()})}, 1};
const program closed_while_a_sender_waits{.capacity = rendezvous,
                                          .threads = {sender({send(1)}), receiver({close()})},
                                          .stays_open = true};
const program closed_while_a_receiver_waits{
    rendezvous, {sender({closed_for(), try_send(1)}), receiver({recv()}), receiver({close()})}, 1};

std::vector<scenario> wrong_closes() {
  broken_file broken;
  broken.add("a close wakes nobody", made(mistake::no_wake_at_close), kind::deadlock,
             {.capacity = 1,
              .threads = {receiver({recv()}), sender({close()})},
              .block_length = 1,
              .stays_open = true});
  broken.add("a close wakes receivers only", made(mistake::close_wakes_receivers_only),
             kind::deadlock, closed_while_a_sender_waits);
  broken.add("a close tells nobody who waits for it", made(mistake::close_tells_nobody),
             kind::deadlock, closed_by_receiver);
  broken.add("who waits for the close looks before it registers",
             made(mistake::check_before_registration), kind::deadlock, closed_by_receiver);
  broken.add("a close destroys what is buffered", made(mistake::close_discards), kind::order,
             closed_after_a_send);
  broken.add("after a close a message that is not published counts as none",
             made(mistake::close_loses_claims), kind::order, closed_after_a_send);
  broken.add("a sender that waits is served after the close", made(mistake::served_after_the_close),
             kind::order, full_when_closed, kind::leak);
  broken.add("a receiver that has not been told of the close is met",
             made(mistake::meeting_after_the_close), kind::order, closed_while_a_receiver_waits);
  broken.add("who waits for the close of a ring decides without seq_cst",
             too_weak("ring.confirm_closed", core::acquire), kind::deadlock, closed_by_receiver);
  broken.add("who waits for the close of a list decides without seq_cst",
             too_weak("list.confirm_closed", core::acquire), kind::deadlock,
             closed_by_receiver_of_list);
  return broken.take();
}

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
  broken.add("the sole receiver sees the message relaxed",
             too_weak("list.sole_see_message", core::relaxed), kind::data_race,
             one_message_in_list);
  broken.add("the sole receiver decides without seq_cst",
             too_weak("list.sole_recv_tail", core::acquire), kind::deadlock, two_messages_in_list);
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
  broken.add_on_threads("nobody is notified", made(mistake::no_notify), kind::deadlock,
                        ring_of_one);
  broken.add("the close wakes nobody", made(mistake::no_wake_at_close), kind::deadlock,
             last_sender_goes);
  broken.add_on_threads("the close wakes nobody", made(mistake::no_wake_at_close), kind::deadlock,
                        last_sender_goes);
  broken.add("the close wakes one of two", made(mistake::one_wake_at_close), kind::deadlock,
             last_sender_goes);
  broken.add("the second of those that wait is notified before the first",
             made(mistake::notified_out_of_turn), kind::assertion,
             order_program{.notifications = 1, .leaves = 2});
  broken.add("the check comes before the registration", made(mistake::check_before_registration),
             kind::deadlock, one_message);
  broken.add("a waiter tries while it is registered", made(mistake::tried_while_registered),
             kind::deadlock, two_tokens_for_two);
  // The first failing execution is another one for each engine; so in a withdrawal, below.
  broken.add("a waiter is left in its list", made(mistake::forgotten_waiter), kind::data_race,
             two_senders_one_timed, kind::use_after_free);
  broken.add("what a receiver has sent for it, a sender sends again",
             made(mistake::unnoticed_service), kind::duplicate, ring_of_one);
  broken.add("a receiver sends for a sender without the mutex",
             made(mistake::served_outside_the_mutex), kind::data_race, second_send_timed);
  broken.add("who has sent for a sender tells no receiver", made(mistake::silent_service),
             kind::deadlock, another_receiver_waits);
  broken.add("every drop of a handle closes", made(mistake::every_drop_the_last),
             kind::use_after_free, {1, {sender({}), sender({send(1)}), draining_receiver()}, 1});
  broken.add("a handle that is refused counts", made(mistake::refused_handle_counts),
             kind::assertion, counting_program{.copies = 1, .limit = 1});
  broken.add("a withdrawal does not look", made(mistake::unchecked_withdrawal), kind::leak,
             timed_hand_off, kind::uninitialised);
  broken.add("what is buffered is not destroyed", made(mistake::no_discard), kind::leak,
             {1, {sender({send(1)}), receiver({})}, 1});
  broken.add_on_threads("what is buffered is not destroyed", made(mistake::no_discard), kind::lost,
                        {1, {sender({send(1)}), receiver({})}, 1});
  broken.add_without_memory("a send without memory keeps the value",
                            made(mistake::moved_before_memory), kind::lost, two_messages_in_list);
  broken.add(
      "the slot is released for the wrong lap",
      written("ring.release", [](std::uint64_t stamp) -> std::uint64_t { return stamp + 2; }),
      kind::livelock, ring_of_two);
  return broken.take();
}

/// Each value is there exactly once, and nothing else is wrong than the order of the results.
std::vector<scenario> wrong_results() {
  broken_file broken;
  broken.add("an unpublished place counts as empty", made(mistake::empty_by_slot), kind::order,
             full_and_empty);
  broken.add("two messages of a sender are swapped", made(mistake::swapped_messages), kind::order,
             two_messages_in_list);
  broken.add_on_threads("two messages of a sender are swapped", made(mistake::swapped_messages),
                        kind::order, two_messages_in_list);
  broken.add("a full ring says that it has no messages", made(mistake::full_has_no_size),
             kind::assertion, full_at_the_end);
  broken.add("a ring that is closed says that it is not", made(mistake::close_is_not_told),
             kind::assertion,
             {1, {sender({send(1), send(2), look_from_sender()}), receiver({})}, 1});
  broken.add("two receivers take one message", made(mistake::received_without_claim),
             kind::data_race, one_message_for_two);
  broken.add_on_threads("two receivers take one message", made(mistake::received_without_claim),
                        kind::duplicate, one_message_for_two);
  broken.add("empty although a message that happens before is there", made(mistake::empty_by_slot),
             kind::order, sends_then_receives);
  return broken.take();
}

// A thread selects from two channels, and gives back what it has from the second, for which another
// thread waits. That one holds a sender, so that nothing is closed before it has its message.
const std::vector<select_step> receives_from_second{plain(1, recv()), plain(1, drop_sender())};
const std::vector<select_step> borrows_from_second{select({{0, recv()}, {1, recv(), 3}})};
const select_program two_notifications{
    {unbounded, unbounded},
    {borrows_from_second, receives_from_second, {plain(0, send(1)), plain(1, send(2))}}};
const select_program second_first{
    {unbounded, unbounded},
    {borrows_from_second, receives_from_second, {plain(1, send(2)), plain(0, send(1))}}};
const select_program meeting_and_message{
    {rendezvous, unbounded},
    {borrows_from_second, receives_from_second, {plain(0, send(1))}, {plain(1, send(2))}}};
const select_program one_of_two{
    {unbounded, unbounded},
    {{select({{0, recv()}, {1, recv()}}), plain(0, drop_sender()), plain(1, drop_sender())},
     {plain(0, send(1))}}};
const select_program two_rendezvous{
    {rendezvous, rendezvous},
    {{select({{0, send(1)}, {1, send(2)}})}, {select({{1, recv()}, {0, recv()}})}}};
/// The one that is stopped holds the channel open.
const std::vector<select_step> stoppable_receive{stoppable(select({{0, recv()}})),
                                                 plain(0, drop_sender())};
const select_program stopped_receive{{unbounded}, {stoppable_receive, {plain(0, request_stop())}}};
const select_program message_before_stop{
    {unbounded}, {stoppable_receive, {plain(0, send(1)), plain(0, request_stop())}}};

const select_program two_senders_and_another_channel{
    {2, 1},
    {{plain(0, send(1))},
     {plain(0, send(2)), plain(1, send(3)), select({{0, recv()}, {1, recv()}})}}};

std::vector<scenario> wrong_selects() {
  broken_file broken;
  broken.add("a notifier that cannot claim a select goes home", made(mistake::stop_at_lost_claim),
             kind::deadlock, two_notifications);
  broken.add("a select that was notified of one case does another",
             made(mistake::another_before_the_chosen), kind::deadlock, second_first);
  broken.add("a select decides before it joins", made(mistake::decision_before_joining),
             kind::deadlock, one_of_two);
  broken.add("a select joins a queue before it looks for a partner",
             made(mistake::joined_before_meeting), kind::deadlock, meeting_and_message);
  broken.add("two selects take two mutexes crosswise", made(mistake::crossed_mutexes),
             kind::livelock, two_rendezvous, kind::deadlock);
  broken.add("a biased select takes a message that is being published for none",
             made(mistake::bias_by_a_look), kind::order, two_senders_and_another_channel);
  broken.add("a stop wakes a select, but does not withdraw it", made(mistake::stop_only_wakes),
             kind::deadlock, stopped_receive);
  broken.add("the callback of a stop outlives the selection", made(mistake::stop_after_the_select),
             kind::data_race, stopped_receive);
  broken.add("a select that is stopped does not look once more",
             made(mistake::stopped_without_a_look), kind::order, message_before_stop);
  return broken.take();
}

using as = async_program::runs_as;
const std::vector<select_step> one_receive{plain(0, recv())};
const async_program one_that_moves{{{unbounded}, {one_receive, {}, {plain(0, send(1))}}},
                                   {as::moved, as::resumer_of_the_first, as::thread}};
/// The thread that waits beside the coroutine holds the channel open.
const async_program one_that_ends{
    {{unbounded}, {one_receive, {plain(0, recv()), plain(0, drop_sender())}, {plain(0, send(1))}}},
    {as::destroyed_when_resumed, as::thread, as::thread}};
const async_program one_that_ends_early{{{unbounded}, {one_receive, {plain(0, send(1))}}},
                                        {as::destroyed_at_once, as::thread}};
const async_program one_that_is_stopped{{{unbounded},
                                         {{stoppable(plain(0, recv())), plain(0, drop_sender())},
                                          {plain(0, request_stop())},
                                          {plain(0, try_send(1))}}},
                                        {as::coroutine, as::thread, as::thread}};

std::vector<scenario> wrong_coroutines() {
  broken_file broken;
  broken.add_with_coroutines("a coroutine is touched after it has been suspended",
                             made(mistake::touched_when_suspended), kind::data_race,
                             one_that_moves);
  broken.add_with_coroutines("a coroutine is suspended by a relaxed step",
                             too_weak("selection.suspend", core::relaxed), kind::data_race,
                             one_that_moves);
  broken.add_with_coroutines("a coroutine that was notified ends and tells nobody",
                             made(mistake::not_passed_on), kind::deadlock, one_that_ends);
  broken.add_with_coroutines("a coroutine ends while it is in a list",
                             made(mistake::destroyed_while_linked), kind::use_after_free,
                             one_that_ends_early);
  broken.add_with_coroutines("a notifier looks into a coroutine after it has released the mutex",
                             made(mistake::resumption_read_late), kind::data_race,
                             one_that_ends_early);
  broken.add_with_coroutines("a coroutine that was chosen takes its notifier for gone",
                             made(mistake::told_too_early), kind::data_race, one_that_moves);
  broken.add_with_coroutines("a stop resumes a coroutine that has been notified",
                             made(mistake::resumed_twice), kind::data_race, one_that_is_stopped);
  return broken.take();
}

const timer_program two_wait_for_a_timer{unbounded, {{timer_step::wait}, {timer_step::wait}}};
const timer_program a_timer_beside_a_channel{unbounded, {{timer_step::select}, {}}, false, true};

std::vector<scenario> wrong_timers() {
  broken_file broken;
  broken.add_with_timer("a timer fires for everybody who sees that it is due",
                        made(mistake::shared_firing), kind::duplicate, two_wait_for_a_timer);
  broken.add_with_timer("who waits for a timer that another has had sleeps on",
                        made(mistake::waits_for_never), kind::deadlock, two_wait_for_a_timer);
  broken.add_with_timer("a select sleeps on when its timer is due", made(mistake::overslept_timer),
                        kind::deadlock, a_timer_beside_a_channel);
  return broken.take();
}

/// Executions of the memory model that Relacy does not have.
std::vector<scenario> beyond_relacy() {
  broken_file broken;
  // A compare-exchange that fails is a load, and as a load it may read an old value: the receiver
  // registers, reads an old tail, and sleeps, while the sender looks for waiters too early. Relacy's
  // compare-exchange compares with the newest value, always.
  broken.add_beyond_relacy("a failed compare-exchange is taken for the newest value",
                           made(mistake::empty_by_exchange), kind::deadlock, one_message,
                           search::bounded(3));
  // Relacy's release sequences are those of C++11, which go on with stores of the same thread. In
  // C++20 whoever reads such a store does not synchronize with the publication before it.
  broken.add_sound("a published message is marked by an exchange", mailbox_program{});
  broken.add_beyond_relacy("a published message is marked by a store", made(mistake::none),
                           kind::data_race, mailbox_program{.marked_by_store = true},
                           search::full());
  return broken.take();
}
const registration orders{wrong_orders};
const registration code{wrong_code};
const registration closes{wrong_closes};
const registration results{wrong_results};
const registration selects{wrong_selects};
const registration coroutines{wrong_coroutines};
const registration timers{wrong_timers};
const registration beyond{beyond_relacy};

}  // namespace
}  // namespace runnel::check
