/* SPDX-License-Identifier: MIT
 *
 * The specification of a channel, for Spin. channel_spec.hpp is the same in C++: its `step` is the
 * rules of the sections "Senders" and "Receivers" here, its `joint` is the rule of "Rendezvous".
 *
 * A call is invoked, takes effect in one step, and returns. Between invocation and step it is
 * pending; a call that blocks is one that no rule allows to take its step. What a reader has to
 * believe is the rules. The invariants and the progress properties are checked of every behaviour
 * that the rules allow to the processes at the end. The rules take the channel that they are about:
 * select.pml has several.
 *
 * ------------------------------------------------------------------------- Constants
 *
 * A configuration is a set of -D options. It bounds the model and says what its processes do.
 */
#define UNBOUNDED 255
#ifndef CAPACITY
#define CAPACITY 1      /* of the buffer; 0: a rendezvous; UNBOUNDED: no limit but MOST */
#endif
#ifndef MOST
#define MOST 4          /* messages that the model can buffer */
#endif
#ifndef SENDERS
#define SENDERS 2       /* processes that send, at most 3; each has one handle at first */
#endif
#ifndef RECEIVERS
#define RECEIVERS 1     /* processes that receive, at most 2 */
#endif
#ifndef MESSAGES
#define MESSAGES 2      /* each sender has so many; all are different */
#endif
#ifndef TRY
#define TRY 0           /* 1: try_ operations too */
#endif
#ifndef TIMED
#define TIMED 0         /* 1: timed operations too */
#endif
#ifndef STOP
#define STOP 0          /* 1: stoppable operations too; somebody may request the stop at any time */
#endif
#ifndef LEAVE
#define LEAVE 0         /* 1: each process may drop its handle between any two calls; 0: senders do
                           so after their last message, receivers after `disconnected` */
#endif
#ifndef CLONE
#define CLONE 0         /* 1: each process may copy its handle, and drop the copy again */
#endif
#ifndef SHUT
#define SHUT 0          /* 1: a receiver may close the channel at any time, and one more process waits for
                           that, through a handle of a sender */
#endif
#ifndef ENDLESS
#define ENDLESS 0       /* 1: senders have messages without end, which are not told apart */
#endif
/* MISTAKE, the name of a file in mistakes/ that replaces rules: what Spin then has to find is in
 * manifest.json. */

/* Operations, then responses, in the order of channel_spec.hpp. */
mtype = {
  SEND, TRY_SEND, TIMED_SEND, STOPPABLE_SEND, RECV, TRY_RECV, TIMED_RECV, STOPPABLE_RECV,
  CLONE_SENDER, DROP_SENDER, CLONE_RECEIVER, DROP_RECEIVER, REQUEST_STOP,
  CLOSE, CLOSED, TRY_CLOSED, TIMED_CLOSED, STOPPABLE_CLOSED,
  OK, DISCONNECTED, FULL, EMPTY, TIMEOUT, STOPPED
};

/* ------------------------------------------------------------------------- State */

typedef channel {
  byte capacity = CAPACITY;
  byte senders = SENDERS;    /* handles */
  byte receivers = RECEIVERS;
  byte buffer[MOST];         /* the oldest message first; 0 where there is none */
  byte size;
  bit closed                 /* by a receiver, for ever */
};
bit stop_requested;          /* of the one stop source; for ever, once it is */
byte at;                     /* scratch of a step, otherwise 0 */

#define is_full(c) (c.capacity != UNBOUNDED && c.size == c.capacity)
#define takes_sends(c) (c.receivers != 0 && !c.closed)
#define expects_messages(c) (c.senders != 0 && !c.closed)

/* ------------------------------------------------------------------------- Senders
 *
 * Of each response: when it is allowed, and what the step does. A response of which nothing is said
 * here is never allowed. */

#define send_ok(c, op)           (takes_sends(c) && !is_full(c) && c.size < MOST)
#define send_disconnected(c, op) (!takes_sends(c))
#define send_full(c, op)         (op == TRY_SEND && takes_sends(c) && is_full(c))
#define send_timeout(c, op)      (op == TIMED_SEND && takes_sends(c) && is_full(c))
#define send_stopped(c, op)                             \
  ((op == TIMED_SEND || op == STOPPABLE_SEND) && stop_requested && takes_sends(c) && is_full(c))

inline put(c, message) {
  c.buffer[c.size] = message;
  c.size++
}

/* The message in a response: a send that fails hands its own back. */
#define handed_back(response, message) (response == OK -> 0 : message)

#define clone_sender_ok(c) (c.senders != 0)
#define drop_sender_ok(c)  (c.senders != 0)

inline clone_sender(c) { c.senders++ }
inline drop_sender(c) { c.senders-- }

/* The wait for a close; EMPTY says that there was none. */
#define closed_ok(c, op)      (!takes_sends(c))
#define closed_empty(c, op)   (op == TRY_CLOSED && takes_sends(c))
#define closed_timeout(c, op) (op == TIMED_CLOSED && takes_sends(c))
#define closed_stopped(c, op) \
  ((op == TIMED_CLOSED || op == STOPPABLE_CLOSED) && stop_requested && takes_sends(c))

/* ------------------------------------------------------------------------- Receivers */

#define recv_ok(c, op, message)  (c.size != 0 && c.buffer[0] == message)
#define recv_disconnected(c, op) (!expects_messages(c) && c.size == 0)
#define recv_empty(c, op)        (op == TRY_RECV && expects_messages(c) && c.size == 0)
#define recv_timeout(c, op)      (op == TIMED_RECV && expects_messages(c) && c.size == 0)
#define recv_stopped(c, op)                             \
  ((op == TIMED_RECV || op == STOPPABLE_RECV) && stop_requested && expects_messages(c) && c.size == 0)

inline take(c) {
  for (at : 1 .. MOST - 1) { c.buffer[at - 1] = c.buffer[at] }
  at = 0;
  c.buffer[MOST - 1] = 0;
  c.size--
}

#define clone_receiver_ok(c) (c.receivers != 0)
#define drop_receiver_ok(c)  (c.receivers != 0)

inline clone_receiver(c) { c.receivers++ }
inline drop_receiver(c) {
  c.receivers--;
  if
  :: c.receivers == 0 -> clear(c)  /* what is buffered is destroyed */
  :: else
  fi
}
inline clear(c) {
  for (at : 0 .. MOST - 1) { c.buffer[at] = 0 }
  at = 0;
  c.size = 0
}

#define close_ok(c) (c.receivers != 0)

inline close(c) { c.closed = 1 }

/* ------------------------------------------------------------------------- Stop source */

inline request_stop() { stop_requested = 1 }

/* ------------------------------------------------------------------------- Rendezvous
 *
 * One step takes a send and a receive of the same message together, both with the response OK, at
 * least one of them blocking or timed. The state of the channel does not change. */

#define is_send(op) (op == SEND || op == TRY_SEND || op == TIMED_SEND || op == STOPPABLE_SEND)
#define is_recv(op) (op == RECV || op == TRY_RECV || op == TIMED_RECV || op == STOPPABLE_RECV)

#define hand_off_ok(c, sent, received)                                       \
  (c.capacity == 0 && expects_messages(c) && takes_sends(c) && is_send(sent) && \
   is_recv(received) && !(sent == TRY_SEND && received == TRY_RECV))

#ifdef MISTAKE
#define text_of(tokens) #tokens
#define mistake_file(name) text_of(mistakes/name.pml)
#include mistake_file(MISTAKE)
#endif

#ifndef RULES_ONLY
/* ------------------------------------------------------------------------- Calls
 *
 * A call is pending from its invocation to its step, and has a response until it returns. */

channel it;

mtype sending[3];            /* the pending call of each sender, or 0 */
mtype sent[3];               /* the response to it, or 0 */
mtype receiving[2];
mtype received[2];
mtype watching;              /* of the process that waits for a close */
mtype watched;

/* ------------------------------------------------------------------------- Invariants
 *
 * What the responses promise, in variables of their own that no rule reads. Spin itself finds a
 * state in which a call waits and nothing can happen any more. */

#define VALUES (SENDERS * MESSAGES)
#define sender_of(message) ((message - 1) / MESSAGES)

#define WITH_SENDER 0        /* not sent yet, or in a pending send */
#define ACCEPTED 1           /* its send has succeeded */
#define SETTLED 2            /* received, handed back or destroyed */

byte fate[VALUES + 1];       /* of each message, which are numbers from 1 */
byte accepted[VALUES];       /* the messages that are ACCEPTED, in the order of their sends */
byte kept;                   /* so many are */
bit asked;                   /* to stop */
bit sender_told;             /* a send has reported `disconnected` */
bit receiver_told;           /* a receive has */
bit shut;                    /* a receiver has closed the channel */

#define require(condition, violation) \
  if :: condition :: else -> printf(violation); assert(false) fi

inline on_accepted(message) {
  require(!shut, "violated: refused after a close\n");
  require(fate[message] == WITH_SENDER, "violated: exactly once\n");
  fate[message] = ACCEPTED;
  accepted[kept] = message;
  kept++
}

inline on_handed_over(message) {
  for (at : 1 .. message - 1) {
    require(sender_of(at) != sender_of(message) || fate[at] == SETTLED,
            "violated: order of each sender\n")
  }
  at = 0;
  fate[message] = SETTLED
}

inline on_received(message) {
  require(message != 0 && message <= VALUES, "violated: no invention\n");
  require(fate[message] != WITH_SENDER, "violated: no invention\n");
  require(fate[message] != SETTLED, "violated: exactly once\n");
  on_handed_over(message);
  require(accepted[0] == message, "violated: one order\n");
  kept--;
  for (at : 1 .. VALUES - 1) { accepted[at - 1] = accepted[at] }
  at = 0;
  accepted[VALUES - 1] = 0
}

inline on_handed_back(message, returned) {
  require(returned == message, "violated: handed back\n");
  require(fate[message] == WITH_SENDER, "violated: exactly once\n");
  fate[message] = SETTLED
}

inline on_last_receiver_dropped() {
  require(it.size == 0, "violated: destroyed with the last receiver\n");
  for (at : 0 .. VALUES - 1) {
    fate[accepted[at]] = SETTLED;
    accepted[at] = 0
  }
  at = 0;
  fate[0] = 0;
  kept = 0
}

inline on_close() {
  shut = 1;
  require(it.size == kept, "violated: a close destroys nothing\n")
}

inline on_closed_response(response) {
  require(response != OK || shut || it.receivers == 0, "violated: told of a close after it\n");
  require(response == OK || !(shut || it.receivers == 0), "violated: exact try\n");
  require(response != STOPPED || asked, "violated: stopped on request only\n")
}

inline on_send_response(response) {
  require(!sender_told || response == DISCONNECTED, "violated: disconnected for ever\n");
  require((response != FULL && response != TIMEOUT && response != STOPPED) || kept == CAPACITY,
          "violated: exact try\n");
  require(response != STOPPED || asked, "violated: stopped on request only\n");
  sender_told = (response == DISCONNECTED)
}

inline on_recv_response(response) {
  require(!receiver_told || response == DISCONNECTED, "violated: disconnected for ever\n");
  require(response != DISCONNECTED || kept == 0, "violated: drained before disconnected\n");
  require((response != EMPTY && response != TIMEOUT && response != STOPPED) || kept == 0,
          "violated: exact try\n");
  require(response != STOPPED || asked, "violated: stopped on request only\n");
  receiver_told = (response == DISCONNECTED)
}

inline on_hand_off(message, sent_by, received_by) {
  require(!shut, "violated: refused after a close\n");
  require(fate[message] == WITH_SENDER, "violated: exactly once\n");
  require(sent_by != TRY_SEND || received_by != TRY_RECV, "violated: two try_ never meet\n");
  on_handed_over(message);
  on_send_response(OK);
  on_recv_response(OK)
}

inline on_step() {
  require(CAPACITY == UNBOUNDED || it.size <= CAPACITY, "violated: capacity\n")
}

/* ------------------------------------------------------------------------- Progress
 *
 * Under weak fairness: a process that can always take its next step takes it. The conditions are
 * said in terms of the state, not by the rules. */

#define send_blocked(me) (sending[me] == SEND)
#define recv_blocked(me) (receiving[me] == RECV)
#define a_send_is_blocked (send_blocked(0) || send_blocked(1) || send_blocked(2))
#define a_recv_is_blocked (recv_blocked(0) || recv_blocked(1))
#define a_send_ends(response) (sent[0] == response || sent[1] == response || sent[2] == response)
#define a_recv_ends(response) (received[0] == response || received[1] == response)
#define they_meet (CAPACITY == 0 && a_send_is_blocked && a_recv_is_blocked)
#define there_is_room \
  (it.receivers != 0 && it.size < MOST && (CAPACITY == UNBOUNDED || it.size < CAPACITY))

#define always_ends(condition) ([] ((condition) -> <> !(condition)))

/* While a message remains, some blocked receiver returns, or another one was faster to take it. */
ltl a_message_wakes_a_receiver {
  [] ((a_recv_is_blocked && (it.size != 0 || they_meet)) -> <> a_recv_ends(OK))
}
/* While there is room, some blocked sender returns, or another one was faster to fill it. */
ltl room_wakes_a_sender {
  [] ((a_send_is_blocked && (there_is_room || they_meet)) ->
      <> (a_send_ends(OK) || a_send_ends(DISCONNECTED)))
}
/* A blocked receiver returns once there is no sender and nothing left. */
ltl the_last_sender_wakes_receivers {
  always_ends(recv_blocked(0) && it.senders == 0 && it.size == 0) &&
  always_ends(recv_blocked(1) && it.senders == 0 && it.size == 0)
}
/* A blocked sender returns once there is no receiver. */
ltl the_last_receiver_wakes_senders {
  always_ends(send_blocked(0) && it.receivers == 0) &&
  always_ends(send_blocked(1) && it.receivers == 0) &&
  always_ends(send_blocked(2) && it.receivers == 0)
}
/* Nothing waits for ever after a disconnect. */
ltl nothing_waits_after_a_disconnect {
  always_ends(recv_blocked(0) && it.senders == 0) && always_ends(recv_blocked(1) && it.senders == 0) &&
  always_ends(send_blocked(0) && it.receivers == 0) &&
  always_ends(send_blocked(1) && it.receivers == 0) &&
  always_ends(send_blocked(2) && it.receivers == 0)
}

/* A stop ends each wait of a call that has a token. */
#define waits_in_spite_of_it(call, op) (call == op && stop_requested)
ltl a_stop_ends_each_wait {
  always_ends(waits_in_spite_of_it(receiving[0], STOPPABLE_RECV)) &&
  always_ends(waits_in_spite_of_it(receiving[1], STOPPABLE_RECV)) &&
  always_ends(waits_in_spite_of_it(sending[0], STOPPABLE_SEND)) &&
  always_ends(waits_in_spite_of_it(sending[1], STOPPABLE_SEND)) &&
  always_ends(waits_in_spite_of_it(sending[2], STOPPABLE_SEND))
}

/* A close ends each wait, and so does the drop of the last receiver that of whoever waits for a close. */
ltl a_close_ends_each_wait {
  always_ends(recv_blocked(0) && it.closed) && always_ends(recv_blocked(1) && it.closed) &&
  always_ends(send_blocked(0) && it.closed) && always_ends(send_blocked(1) && it.closed) &&
  always_ends(send_blocked(2) && it.closed) &&
  always_ends(watching == CLOSED && (it.closed || it.receivers == 0))
}

/* ------------------------------------------------------------------------- Processes */

#if ENDLESS
#define message_of(me) (me + 1)
#define observe(what) skip
#else
#define message_of(me) (me * MESSAGES + next)
#define observe(what) what
#endif

#define print_send(me, response) \
  printf("sender %d: @%d %d -> @%d\n", me, sending[me], message_of(me), response)

inline answer_send(me, response) {
  sending[me] = 0;
  sent[me] = response;
  observe(on_send_response(response));
  on_step()
}
inline answer_failed_send(me, response) {
  print_send(me, response);
  observe(on_handed_back(message_of(me), handed_back(response, message_of(me))));
  answer_send(me, response)
}
inline answer_recv(me, response) {
  receiving[me] = 0;
  received[me] = response;
  observe(on_recv_response(response));
  on_step()
}

inline answer_failed_recv(me, response) {
  printf("receiver %d: @%d -> @%d\n", me, receiving[me], response);
  answer_recv(me, response)
}

inline hand_off(me, other) {
  printf("sender %d and receiver %d: @%d meets @%d, %d is handed over\n", me, other, sending[me],
         receiving[other], message_of(me));
  observe(on_hand_off(message_of(me), sending[me], receiving[other]));
  sending[me] = 0;
  receiving[other] = 0;
  sent[me] = OK;
  received[other] = OK
}

#define meets(me, other) \
  (sending[me] != 0 && receiving[other] != 0 && hand_off_ok(it, sending[me], receiving[other]))

proctype sender(byte me) {
  byte next;                 /* the number of its last message */
  byte held = 1;             /* handles */
  do
  :: ENDLESS || next < MESSAGES ->
     atomic {                                             /* invocation */
       next = (ENDLESS -> 0 : next + 1);
       if
       :: sending[me] = SEND
       :: TRY -> sending[me] = TRY_SEND
       :: TIMED -> sending[me] = TIMED_SEND
       :: STOP -> sending[me] = STOPPABLE_SEND
       fi;
       printf("sender %d calls @%d %d\n", me, sending[me], message_of(me))
     }
     if                                                   /* step */
     :: d_step { send_ok(it, sending[me]) ->
          print_send(me, OK);
          put(it, message_of(me));
          observe(on_accepted(message_of(me)));
          answer_send(me, OK) }
     :: d_step { send_disconnected(it, sending[me]) -> answer_failed_send(me, DISCONNECTED) }
     :: d_step { send_full(it, sending[me]) -> answer_failed_send(me, FULL) }
     :: d_step { send_timeout(it, sending[me]) -> answer_failed_send(me, TIMEOUT) }
     :: d_step { send_stopped(it, sending[me]) -> answer_failed_send(me, STOPPED) }
     :: d_step { meets(me, 0) -> hand_off(me, 0) }
     :: d_step { meets(me, 1) -> hand_off(me, 1) }
     fi;
     d_step {                                             /* return */
       printf("sender %d returns\n", me);
       sent[me] = 0
     }
  :: d_step { CLONE && held == 1 && clone_sender_ok(it) ->
       printf("sender %d: @%d\n", me, CLONE_SENDER);
       clone_sender(it);
       held++ }
  :: atomic { (held == 2 || LEAVE || (!ENDLESS && next == MESSAGES)) && drop_sender_ok(it) ->
       printf("sender %d: @%d\n", me, DROP_SENDER);
       drop_sender(it);
       held--;
       if :: held == 0 -> break :: else fi }
  od
}

proctype receiver(byte me) {
  byte message;              /* received in this step */
  bit over;                  /* the last call has reported `disconnected` */
  byte held = 1;
  do
  :: atomic {                                             /* invocation */
       if
       :: receiving[me] = RECV
       :: TRY -> receiving[me] = TRY_RECV
       :: TIMED -> receiving[me] = TIMED_RECV
       :: STOP -> receiving[me] = STOPPABLE_RECV
       fi;
       printf("receiver %d calls @%d\n", me, receiving[me])
     }
     if                                                   /* step */
     :: d_step { receiving[me] != 0 && recv_ok(it, receiving[me], it.buffer[0]) ->
          message = it.buffer[0];
          printf("receiver %d: @%d -> @%d %d\n", me, receiving[me], OK, message);
          take(it);
          observe(on_received(message));
          message = 0;
          answer_recv(me, OK) }
     :: d_step { receiving[me] != 0 && recv_disconnected(it, receiving[me]) ->
          answer_failed_recv(me, DISCONNECTED) }
     :: d_step { recv_empty(it, receiving[me]) -> answer_failed_recv(me, EMPTY) }
     :: d_step { recv_timeout(it, receiving[me]) -> answer_failed_recv(me, TIMEOUT) }
     :: d_step { recv_stopped(it, receiving[me]) -> answer_failed_recv(me, STOPPED) }
     :: received[me] != 0                                 /* a sender has met it */
     fi;
     d_step {                                             /* return */
       printf("receiver %d returns\n", me);
       over = (received[me] == DISCONNECTED);
       received[me] = 0
     }
  :: d_step { CLONE && held == 1 && clone_receiver_ok(it) ->
       printf("receiver %d: @%d\n", me, CLONE_RECEIVER);
       clone_receiver(it);
       held++ }
  :: atomic { (held == 2 || LEAVE || over) && drop_receiver_ok(it) ->
       printf("receiver %d: @%d\n", me, DROP_RECEIVER);
       drop_receiver(it);
       if :: it.receivers == 0 -> observe(on_last_receiver_dropped()) :: else fi;
       held--;
       if :: held == 0 -> break :: else fi }
  :: d_step { SHUT && !it.closed && close_ok(it) ->
       printf("receiver %d: @%d\n", me, CLOSE);
       close(it);
       observe(on_close()) }
  od
}

inline answer_closed(response) {
  printf("watcher: @%d -> @%d\n", watching, response);
  watching = 0;
  watched = response;
  observe(on_closed_response(response))
}

/* Until it is told of a close. */
proctype watcher() {
  bit over;
  do
  :: !over ->
     atomic {                                             /* invocation */
       if
       :: watching = CLOSED
       :: TRY -> watching = TRY_CLOSED
       :: TIMED -> watching = TIMED_CLOSED
       :: STOP -> watching = STOPPABLE_CLOSED
       fi;
       printf("watcher calls @%d\n", watching)
     }
     if                                                   /* step */
     :: d_step { closed_ok(it, watching) -> answer_closed(OK) }
     :: d_step { closed_empty(it, watching) -> answer_closed(EMPTY) }
     :: d_step { closed_timeout(it, watching) -> answer_closed(TIMEOUT) }
     :: d_step { closed_stopped(it, watching) -> answer_closed(STOPPED) }
     fi;
     d_step {                                             /* return */
       printf("watcher returns\n");
       over = (watched == OK);
       watched = 0
     }
  :: over || LEAVE -> break
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

init {
  atomic {
    for (at : 0 .. SENDERS - 1) { run sender(at) }
    for (at : 0 .. RECEIVERS - 1) { run receiver(at) }
#if STOP
    run stopper();
#endif
#if SHUT
    run watcher();
#endif
    at = 0
  }
}
#endif
