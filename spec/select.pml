/* SPDX-License-Identifier: MIT
 *
 * The specification of a select, for Spin: calls that do one of several operations, on two channels
 * and a timer. The rules of the operations are those of channel.pml. select_spec.hpp is the same in
 * C++.
 *
 * A call that succeeds takes one step, on one of its cases. A call that fails takes none: it has seen
 * each of its cases impossible, each at a moment of its own. A call of one case is a send or a receive.
 */
#define RULES_ONLY
#include "channel.pml"

/* ------------------------------------------------------------------------- Constants */
#ifndef CAPACITY_0
#define CAPACITY_0 0
#endif
#ifndef CAPACITY_1
#define CAPACITY_1 1
#endif
#ifndef CALLERS
#define CALLERS 2       /* processes that call, at most 3 */
#endif
#ifndef CALLS
#define CALLS 1         /* of each; then it drops its handles */
#endif
#define SEND_0 1        /* the cases, as a set */
#define RECV_0 2
#define SEND_1 4
#define RECV_1 8
#define TIME 16
#define CLOSED_0 32     /* waits for the close of the first channel; somebody may close it if there is one */
#ifndef CASES_0
#define CASES_0 (SEND_0 + RECV_0)  /* of the first process; each call has some of them */
#endif
#ifndef CASES_1
#define CASES_1 (SEND_0 + RECV_0)
#endif
#ifndef CASES_2
#define CASES_2 0
#endif
#if (CASES_0 | CASES_1 | CASES_2) & CLOSED_0
#define LAST_CASE 5
#else
#define LAST_CASE 4
#endif
#ifndef TIMER
#define TIMER 0         /* 0: never due; 1: once; 2: again and again */
#endif
#ifndef FOR_EVER
#define FOR_EVER 1      /* 1: calls that wait for ever */
#endif
#ifndef BIASED
#define BIASED 0        /* 1: calls that prefer the case with the lower number too */
#endif

/* ------------------------------------------------------------------------- State */

typedef timer {
  bit due;
  bit comes;                 /* it will become due */
  bit again                  /* and after that once more */
};

/* A call that is pending. Its operations are SEND - how or RECV - how. */
typedef call {
  byte cases;                /* those that are enabled; 0: no call */
  byte how;                  /* as below */
  bit biased;
  byte seen;                 /* the cases that it has seen impossible */
  mtype ending;              /* TIMEOUT or STOPPED: why it will try only once more; 0: not yet */
  byte sent;                 /* the send cases whose value is no longer the caller's */
  bit over                   /* it has been done or has failed, and returns */
};

#define UNTIL_DONE 0
#define NOT_AT_ALL 1
#define UNTIL_DEADLINE 2
#define UNTIL_STOP 3

channel channels[2];
timer the_timer;

/* ------------------------------------------------------------------------- Timer
 *
 * It fires for one of those who wait for it. What nobody has received when it is due again is not made
 * up for. */

#define timer_fires(t) (t.due)
#define becomes_due_ok(t) (t.comes)

inline fire(t) { t.due = 0 }
inline becomes_due(t) {
  t.due = 1;
  t.comes = t.again
}

/* ------------------------------------------------------------------------- Select
 *
 * Cases are numbers from 0: 0 and 1 send to and receive from the first channel, 2 and 3 the second one, 4
 * is the timer, 5 is the close of the first channel. */

#define has_case(s, i) (((s.cases >> (i)) & 1) == 1)
#define sends(i) ((i) == 0 || (i) == 2)
#define op_of(s, i) (sends(i) -> SEND - s.how : RECV - s.how)

/* A biased call has seen all that it prefers to be impossible. */
#define may_choose(s, i) \
  (has_case(s, i) && !s.over && (!s.biased || (s.cases & ~s.seen & ((1 << (i)) - 1)) == 0))

#define choose_send_ok(s, i, c)           (may_choose(s, i) && send_ok(c, op_of(s, i)))
#define choose_send_disconnected(s, i, c) (may_choose(s, i) && send_disconnected(c, op_of(s, i)))
#define choose_recv_ok(s, i, c, message)  (may_choose(s, i) && recv_ok(c, op_of(s, i), message))
#define choose_recv_disconnected(s, i, c) (may_choose(s, i) && recv_disconnected(c, op_of(s, i)))
#define choose_closed(s, c)               (may_choose(s, 5) && closed_ok(c, CLOSED - s.how))
#define choose_time(s)                    (may_choose(s, 4) && timer_fires(the_timer))

/* The value of a send that succeeds is the receiver's; those of other cases stay where they are. */
inline take_value(s, i) { s.sent = s.sent | (1 << (i)) }

inline end_call(s) { s.over = 1 }

/* Two calls do a case each, of the same rendezvous. `mine` sends. */
#define other_call(me, other) (me != other)
#define meet_ok(s, mine, t, yours, c) \
  (may_choose(s, mine) && may_choose(t, yours) && hand_off_ok(c, op_of(s, mine), op_of(t, yours)))

inline meet(s, mine, t) {
  take_value(s, mine);
  end_call(s);
  end_call(t)
}

/* A case is seen impossible if it could answer why the call is to end; before that, as by a try. */
#define send_is_impossible(s, c)                              \
  (s.ending == TIMEOUT -> send_timeout(c, TIMED_SEND) :       \
   (s.ending == STOPPED -> send_stopped(c, STOPPABLE_SEND) : send_full(c, TRY_SEND)))
#define recv_is_impossible(s, c)                              \
  (s.ending == TIMEOUT -> recv_timeout(c, TIMED_RECV) :       \
   (s.ending == STOPPED -> recv_stopped(c, STOPPABLE_RECV) : recv_empty(c, TRY_RECV)))
#define closed_is_impossible(s, c)                                \
  (s.ending == TIMEOUT -> closed_timeout(c, TIMED_CLOSED) :       \
   (s.ending == STOPPED -> closed_stopped(c, STOPPABLE_CLOSED) : closed_empty(c, TRY_CLOSED)))
#define time_is_impossible (!timer_fires(the_timer))

#define see_send_ok(s, i, c) (has_case(s, i) && !s.over && send_is_impossible(s, c))
#define see_recv_ok(s, i, c) (has_case(s, i) && !s.over && recv_is_impossible(s, c))
#define see_closed_ok(s, c)  (has_case(s, 5) && !s.over && closed_is_impossible(s, c))
#define see_time_ok(s)       (has_case(s, 4) && !s.over && time_is_impossible)

inline see(s, i) { s.seen = s.seen | (1 << (i)) }

/* The deadline has passed, or the request to stop is noticed: what was seen before does not count. */
#define timeout_ends(s) (s.cases != 0 && !s.over && s.ending == 0 && s.how == UNTIL_DEADLINE)
#define stop_ends(s) \
  (s.cases != 0 && !s.over && s.ending == 0 && s.how >= UNTIL_DEADLINE && stop_requested)

inline end_waiting(s, why) {
  s.ending = why;
  s.seen = 0
}

/* The response EMPTY is that of a try that finds nothing, whatever its cases are. */
#define all_seen(s) (s.cases != 0 && !s.over && s.seen == s.cases)
#define fails_ok(s, why)                                                     \
  (all_seen(s) && ((why == EMPTY && s.how == NOT_AT_ALL) || (why != EMPTY && s.ending == why)))

/* The call has returned. */
inline forget_call(s) {
  s.cases = 0;
  s.how = 0;
  s.biased = 0;
  s.seen = 0;
  s.ending = 0;
  s.sent = 0;
  s.over = 0
}

inline begin_state() {
  channels[0].capacity = CAPACITY_0;
  channels[1].capacity = CAPACITY_1;
  the_timer.comes = (TIMER != 0);
  the_timer.again = (TIMER == 2)
}

#ifdef SELECT_MISTAKE
#define select_text_of(tokens) #tokens
#define select_mistake_file(name) select_text_of(mistakes/name.pml)
#include select_mistake_file(SELECT_MISTAKE)
#endif

#ifndef SELECT_RULES_ONLY
/* ------------------------------------------------------------------------- Calls */

call calls[3];
mtype answers[3];            /* the response to a call that has not returned yet, or 0 */
byte chosen[3];              /* the case that has been done, or NONE */
#define NONE 7

#define message_of(me) (me + 1)

/* ------------------------------------------------------------------------- Invariants
 *
 * In terms of the state, in variables of their own that no rule reads. */

byte steps[3];               /* of each pending call */
byte impossible[3];          /* the cases that were, since the call is to end */
bit asked;                   /* to stop */
bit owed;                    /* the timer was due and has not fired since */
bit fired;                   /* the timer has */
bit shut;                    /* the first channel has been closed */

#define require(condition, violation) \
  if :: condition :: else -> printf(violation); assert(false) fi

#define nothing_to_receive(c) (c.size == 0 && c.senders != 0 && !c.closed)
#define no_room(c) (c.size == c.capacity && c.receivers != 0 && !c.closed)
#define open_still (!shut && channels[0].receivers != 0)
#define preferred(me, i) (calls[me].cases & ((1 << (i)) - 1))

inline on_done(me, i) {
  steps[me]++;
  require(!calls[me].biased || (preferred(me, i) & ~impossible[me]) == 0, "violated: bias\n")
}
inline on_seen(me, i, condition) {
  require(condition, "violated: impossible when it fails\n");
  require(calls[me].ending != STOPPED || asked, "violated: stopped on request only\n");
  impossible[me] = impossible[me] | (1 << (i))
}
inline on_hand_off(me, other) { require(me != other, "violated: no call meets itself\n") }
inline on_told() { require(!open_still, "violated: told of a close after it\n") }
inline on_fired() {
  require(owed, "violated: one firing each time\n");
  require(TIMER != 1 || !fired, "violated: fires once\n");
  owed = 0;
  fired = (TIMER == 1)
}
inline on_return(me) {
  require(steps[me] == (chosen[me] == NONE -> 0 : 1), "violated: exactly one case\n");
  require(calls[me].sent == (answers[me] == OK && sends(chosen[me]) -> 1 << chosen[me] : 0),
          "violated: the others keep their values\n");
  require(chosen[me] != NONE || impossible[me] == calls[me].cases,
          "violated: impossible when it fails\n");
  steps[me] = 0;
  impossible[me] = 0
}

/* ------------------------------------------------------------------------- Progress
 *
 * Under weak fairness. A call that waits for ever returns if one of its cases stays possible. */

#define waits_for(me, case) (answers[me] == 0 && calls[me].how == UNTIL_DONE && (calls[me].cases & case))
#define may_send(c) (c.receivers == 0 || c.closed || (c.size < c.capacity && c.size < MOST))
#define may_recv(c) (c.size != 0 || c.senders == 0 || c.closed)
#define meets_case(c, me, mine, other, yours) \
  (c.capacity == 0 && waits_for(me, mine) && waits_for(other, yours))
#define is_possible(me, other)                                                                  \
  ((waits_for(me, SEND_0) && may_send(channels[0])) ||                                          \
   (waits_for(me, RECV_0) && may_recv(channels[0])) ||                                          \
   (waits_for(me, SEND_1) && may_send(channels[1])) ||                                          \
   (waits_for(me, RECV_1) && may_recv(channels[1])) ||                                          \
   (waits_for(me, CLOSED_0) && (channels[0].closed || channels[0].receivers == 0)) ||           \
   (waits_for(me, TIME) && the_timer.due) ||                                                    \
   meets_case(channels[0], me, SEND_0, other, RECV_0) ||                                        \
   meets_case(channels[0], me, RECV_0, other, SEND_0) ||                                        \
   meets_case(channels[1], me, SEND_1, other, RECV_1) ||                                        \
   meets_case(channels[1], me, RECV_1, other, SEND_1))

ltl a_possible_case_ends_the_wait {
  ([] (is_possible(0, 1) -> <> !is_possible(0, 1))) &&
  ([] (is_possible(1, 0) -> <> !is_possible(1, 0)))
}

/* ------------------------------------------------------------------------- Processes */

inline answer(me, i, response) {
  printf("%d: case %d -> @%d\n", me, i, response);
  answers[me] = response;
  chosen[me] = i
}
inline done(me, i, response) {
  on_done(me, i);
  answer(me, i, response)
}
inline hand_off(me, mine, other, yours) {
  printf("%d meets %d:\n", me, other);
  on_hand_off(me, other);
  meet(calls[me], mine, calls[other]);
  done(me, mine, OK);
  done(other, yours, OK)
}

#define unseen(me, i) (((calls[me].seen >> (i)) & 1) == 0)

#define SEND_CASE(me, i, c)                                                              \
  :: d_step { choose_send_ok(calls[me], i, c) ->                                         \
       put(c, message_of(me)); take_value(calls[me], i); end_call(calls[me]);            \
       done(me, i, OK) }                                                                 \
  :: d_step { choose_send_disconnected(calls[me], i, c) ->                               \
       end_call(calls[me]); done(me, i, DISCONNECTED) }                                  \
  :: d_step { unseen(me, i) && see_send_ok(calls[me], i, c) ->                           \
       see(calls[me], i); on_seen(me, i, no_room(c)) }

#define RECV_CASE(me, i, c)                                                              \
  :: d_step { choose_recv_ok(calls[me], i, c, c.buffer[0]) ->                            \
       take(c); end_call(calls[me]); done(me, i, OK) }                                   \
  :: d_step { choose_recv_disconnected(calls[me], i, c) ->                               \
       end_call(calls[me]); done(me, i, DISCONNECTED) }                                  \
  :: d_step { unseen(me, i) && see_recv_ok(calls[me], i, c) ->                           \
       see(calls[me], i); on_seen(me, i, nothing_to_receive(c)) }

#define MEET(me, mine, other, yours, c)                                                  \
  :: d_step { other_call(me, other) && meet_ok(calls[me], mine, calls[other], yours, c) -> \
       hand_off(me, mine, other, yours) }

#define MEET_ANY(me, mine, yours, c)                                                     \
  MEET(me, mine, 0, yours, c)                                                            \
  MEET(me, mine, 1, yours, c)                                                            \
  MEET(me, mine, 2, yours, c)

#define FAIL(me, why)                                                                    \
  :: d_step { fails_ok(calls[me], why) -> end_call(calls[me]); answer(me, NONE, why) }

/* What has been seen is not looked at again, unless the call is to end: nothing is gained by it. */
proctype caller(byte me; byte cases) {
  byte some;                 /* the cases of the next call; otherwise 0 */
  byte made;                 /* calls */
  do
  :: made < CALLS ->
     atomic {                                             /* invocation */
       made = (ENDLESS -> 0 : made + 1);
       for (at : 0 .. LAST_CASE) {                        /* guards */
         if
         :: cases & (1 << at) -> some = some | (1 << at)
         :: true
         fi
       }
       at = 0;
       if
       :: some == 0 -> some = cases
       :: else
       fi;
       if
       :: FOR_EVER -> calls[me].how = UNTIL_DONE
       :: TRY -> calls[me].how = NOT_AT_ALL
       :: TIMED -> calls[me].how = UNTIL_DEADLINE
       :: STOP -> calls[me].how = UNTIL_STOP
       fi;
       if
       :: BIASED -> calls[me].biased = 1
       :: true
       fi;
       calls[me].cases = some;
       some = 0;
       printf("%d: calls with the cases %d\n", me, calls[me].cases)
     }
end_waits:
     do                                                   /* steps */
     SEND_CASE(me, 0, channels[0])
     RECV_CASE(me, 1, channels[0])
     SEND_CASE(me, 2, channels[1])
     RECV_CASE(me, 3, channels[1])
     MEET_ANY(me, 0, 1, channels[0])
     MEET_ANY(me, 2, 3, channels[1])
     :: d_step { choose_time(calls[me]) ->
          fire(the_timer); end_call(calls[me]); on_fired(); done(me, 4, OK) }
     :: d_step { unseen(me, 4) && see_time_ok(calls[me]) ->
          see(calls[me], 4); on_seen(me, 4, !the_timer.due) }
#if LAST_CASE == 5
     :: d_step { choose_closed(calls[me], channels[0]) ->
          on_told(); end_call(calls[me]); done(me, 5, OK) }
     :: d_step { unseen(me, 5) && see_closed_ok(calls[me], channels[0]) ->
          see(calls[me], 5); on_seen(me, 5, open_still) }
#endif
     :: d_step { timeout_ends(calls[me]) ->
          end_waiting(calls[me], TIMEOUT); impossible[me] = 0 }
     :: d_step { stop_ends(calls[me]) -> end_waiting(calls[me], STOPPED); impossible[me] = 0 }
     FAIL(me, EMPTY)
     FAIL(me, TIMEOUT)
     FAIL(me, STOPPED)
     :: d_step { answers[me] != 0 ->                      /* return */
          printf("%d returns\n", me);
          on_return(me);
          forget_call(calls[me]);
          answers[me] = 0;
          chosen[me] = 0 };
        break
     od
  :: d_step { made == CALLS || LEAVE ->                   /* drop of all handles */
       printf("%d leaves\n", me);
       if :: cases & (SEND_0 + CLOSED_0) -> drop_sender(channels[0]) :: else fi;
       if :: cases & SEND_1 -> drop_sender(channels[1]) :: else fi;
       if :: cases & RECV_0 -> drop_receiver(channels[0]) :: else fi;
       if :: cases & RECV_1 -> drop_receiver(channels[1]) :: else fi };
     break
  od
}

proctype stopper() {
  if
  :: d_step {
       printf("somebody: @%d\n", REQUEST_STOP);
       asked = 1;
       request_stop() }
  :: true
  fi
}

proctype closer() {
  if
  :: d_step { close_ok(channels[0]) ->
       printf("somebody: @%d\n", CLOSE);
       shut = 1;
       close(channels[0]) }
  :: true
  fi
}

proctype clock() {
end_clock:
  do
  :: d_step { becomes_due_ok(the_timer) ->
       printf("the timer is due\n");
       becomes_due(the_timer);
       owed = 1 }
  od
}

#define count(case) (((CASES_0 & case) != 0) + ((CASES_1 & case) != 0) + ((CASES_2 & case) != 0))

init {
  atomic {
    begin_state();
    channels[0].senders = count((SEND_0 + CLOSED_0));
    channels[0].receivers = count(RECV_0);
    channels[1].senders = count(SEND_1);
    channels[1].receivers = count(RECV_1);
#if STOP
    run stopper();
#endif
#if TIMER
    run clock();
#endif
#if LAST_CASE == 5
    run closer();
#endif
#if CASES_2
    run caller(2, CASES_2);
#endif
    run caller(1, CASES_1);
    run caller(0, CASES_0)
  }
}
#endif
