// SPDX-License-Identifier: MIT
//
// The mistakes that broken channels make (broken_channels.hpp).
#pragma once

namespace runnel::check {

enum class mistake {
  none,
  no_notify,                  ///< who sends or receives does not look for waiters
  no_wake_at_close,           ///< the last handle of a side closes the queue and wakes nobody
  one_wake_at_close,          ///< it wakes one of those that wait
  notified_out_of_turn,       ///< the second of those that wait is notified before the first
  check_before_registration,  ///< the last look at the condition comes before the registration
  tried_while_registered,     ///< a waiter tries while it can still be notified or served
  forgotten_waiter,           ///< a waiter ends without leaving its list
  unnoticed_service,          ///< a sender sends again what a receiver has sent for it
  served_outside_the_mutex,   ///< a receiver sends for a sender that may have timed out meanwhile
  silent_service,             ///< a receiver sends for a sender, and tells no other receiver
  every_drop_the_last,        ///< every drop of a handle thinks that it is the last
  refused_handle_counts,      ///< a handle that is refused counts all the same
  unchecked_withdrawal,       ///< a sender that times out takes back what a receiver has taken
  no_discard,                 ///< the last receiver closes but leaves the messages where they are
  moved_before_memory,        ///< a send takes the value, then finds no memory for a block
  swapped_messages,           ///< two messages that are there at the same time change places
  received_without_claim,     ///< a receiver takes a message, then moves the head past it
  full_has_no_size,           ///< a full ring says that it has no messages
  close_is_not_told,          ///< a ring that is closed says that it is not
  empty_by_slot,              ///< a claimed but unpublished place counts as empty
  empty_by_exchange,          ///< a compare-exchange that fails is taken to read the newest tail
  stop_at_lost_claim,         ///< a notifier that cannot claim a select goes home
  another_before_the_chosen,  ///< a select that was notified of one case does another
  decision_before_joining,    ///< a select decides that it is blocked, then joins the lists
  joined_before_meeting,      ///< a select joins the lists of queues, then looks for partners
  crossed_mutexes,            ///< a select takes the mutexes of rendezvous in an order of its own
  bias_by_a_look,             ///< a biased select takes a message that is being published for none
  waits_for_never,            ///< who waits for a timer that another has had sleeps on
  shared_firing,              ///< a timer fires for everybody who sees that it is due
  overslept_timer,            ///< a select sleeps on when one of its timers is due
  stop_only_wakes,            ///< a stop wakes a select, but does not withdraw it
  stop_after_the_select,      ///< the callback of a stop ends after the selection that it withdraws
  stopped_without_a_look,     ///< a select that finds a stop requested does not try once more
  touched_when_suspended,     ///< the frame of a coroutine is touched after it was suspended
  not_passed_on,              ///< a coroutine ends with a notification that nobody else gets
  destroyed_while_linked,     ///< a coroutine ends without leaving its list
  resumed_twice,              ///< a stop resumes a coroutine that has been notified
  told_too_early,             ///< a coroutine that was chosen takes its notifier for gone
  close_wakes_receivers_only,  ///< a receiver that closes wakes no sender
  close_tells_nobody,          ///< a close wakes nobody of those who wait for it
  close_discards,              ///< a receiver that closes destroys what is buffered
  served_after_the_close,      ///< who makes room serves a sender although the channel is closed
  meeting_after_the_close,  ///< whoever has not been told of a close is still met at a rendezvous
  close_loses_claims,       ///< after a close a message that is not published counts as none
  resumption_read_late,     ///< a notifier looks into a frame after it has released the mutex
};

/// A mailbox whose message is marked as urgent after its publication (mailbox_test.hpp).
struct mailbox_program {
  bool marked_by_store = false;  ///< instead of a read-modify-write
};

inline mistake& current_mistake() {
  static mistake m = mistake::none;
  return m;
}

}  // namespace runnel::check
