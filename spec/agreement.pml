/* SPDX-License-Identifier: MIT
 *
 * The rules of channel.pml and those of channel_spec.hpp, side by side: a state holds the variables
 * of both. In every pair of states that they reach together, each label (an operation with its
 * response and message) has to be allowed by both or by neither; if it is, both take it.
 *
 * agreement.h says how the C++ is called.
 */
#define RULES_ONLY
#include "channel.pml"

#ifndef HANDLES
#define HANDLES 3            /* of each side, at most */
#endif

c_decl { \#include "agreement.h" }
c_state "unsigned char cpp[CPP_BYTES]" "Global"

/* A label and who allows it, while they are compared; otherwise 0. The second half is there in a
 * rendezvous: the call that is met. */
byte operation, response, message;
byte other_operation, other_response, other_message;
bit promela_allows, cpp_allows;

channel it;

inline forget() {
  operation = 0;
  response = 0;
  message = 0;
  other_operation = 0;
  other_response = 0;
  other_message = 0;
  promela_allows = 0;
  cpp_allows = 0
}

#define disagree_unless_equal() \
  if \
  :: promela_allows == cpp_allows \
  :: promela_allows && !cpp_allows -> printf("Promela allows it, C++ does not\n"); assert(false) \
  :: !promela_allows && cpp_allows -> printf("C++ allows it, Promela does not\n"); assert(false) \
  fi

/* The numbers of mtype count down, those of the enumerations in channel_spec.hpp count up. */
inline compare(op, answer, value, rule) {
  if
  :: is_send(op) -> printf("@%d %d -> @%d\n", op, value, answer)
  :: is_recv(op) && answer == OK -> printf("@%d -> @%d %d\n", op, answer, value)
  :: else -> printf("@%d -> @%d\n", op, answer)
  fi;
  operation = SEND - op;
  response = OK - answer;
  message = value;
  promela_allows = rule;
  c_code { now.cpp_allows = cpp_allows_step(now.cpp, now.operation, now.response, now.message); };
  disagree_unless_equal()
}

inline compare_hand_offs() {
  for (operation : 0 .. SEND - CLOSE) {
  for (response : 0 .. OK - STOPPED) {
  for (message : 1 .. 2) {
  for (other_operation : 0 .. SEND - CLOSE) {
  for (other_response : 0 .. OK - STOPPED) {
  for (other_message : 1 .. 2) {
    promela_allows = hand_off_ok(it, SEND - operation, SEND - other_operation) &&
                     response == 0 && other_response == 0 && message == other_message;
    c_code {
      now.cpp_allows = cpp_allows_joint(now.cpp, now.operation, now.response, now.message,
                                        now.other_operation, now.other_response, now.other_message);
    };
    if
    :: promela_allows != cpp_allows ->
       printf("@%d %d -> @%d together with @%d %d -> @%d\n", SEND - operation, message,
              OK - response, SEND - other_operation, other_message, OK - other_response)
    :: else
    fi;
    disagree_unless_equal()
  }}}}}}
}

/* One label. `bounded`: whether the model goes on to the state after. */
#define LABEL(op, answer, value, rule, effect, bounded)                                    \
  :: d_step {                                                                              \
       compare(op, answer, value, rule);                                                   \
       if                                                                                  \
       :: promela_allows && bounded ->                                                     \
          effect;                                                                          \
          c_code { cpp_take(now.cpp, now.operation, now.response, now.message); }          \
       :: else                                                                             \
       fi;                                                                                 \
       forget()                                                                            \
     }

#define SEND_LABELS(op)                                             \
  LABEL(op, OK, 1, send_ok(it, op), put(it, 1), true)               \
  LABEL(op, OK, 2, send_ok(it, op), put(it, 2), true)               \
  LABEL(op, DISCONNECTED, 1, send_disconnected(it, op), skip, true) \
  LABEL(op, FULL, 1, send_full(it, op), skip, true)                 \
  LABEL(op, EMPTY, 1, false, skip, true)                            \
  LABEL(op, TIMEOUT, 1, send_timeout(it, op), skip, true)           \
  LABEL(op, STOPPED, 1, send_stopped(it, op), skip, true)

#define RECV_LABELS(op)                                             \
  LABEL(op, OK, 1, recv_ok(it, op, 1), take(it), true)              \
  LABEL(op, OK, 2, recv_ok(it, op, 2), take(it), true)              \
  LABEL(op, DISCONNECTED, 0, recv_disconnected(it, op), skip, true) \
  LABEL(op, FULL, 0, false, skip, true)                             \
  LABEL(op, EMPTY, 0, recv_empty(it, op), skip, true)               \
  LABEL(op, TIMEOUT, 0, recv_timeout(it, op), skip, true)           \
  LABEL(op, STOPPED, 0, recv_stopped(it, op), skip, true)

#define CLOSED_LABELS(op)                                           \
  LABEL(op, OK, 0, closed_ok(it, op), skip, true)                   \
  LABEL(op, DISCONNECTED, 0, false, skip, true)                     \
  LABEL(op, FULL, 0, false, skip, true)                             \
  LABEL(op, EMPTY, 0, closed_empty(it, op), skip, true)             \
  LABEL(op, TIMEOUT, 0, closed_timeout(it, op), skip, true)         \
  LABEL(op, STOPPED, 0, closed_stopped(it, op), skip, true)

active proctype product() {
  d_step { c_code { cpp_begin(now.cpp, CAPACITY, SENDERS, RECEIVERS, MOST); } }
  do
  :: d_step {
       c_code { cpp_new_pair(); };
       compare_hand_offs();
       forget()
     }
  SEND_LABELS(SEND)
  SEND_LABELS(TRY_SEND)
  SEND_LABELS(TIMED_SEND)
  SEND_LABELS(STOPPABLE_SEND)
  RECV_LABELS(RECV)
  RECV_LABELS(TRY_RECV)
  RECV_LABELS(TIMED_RECV)
  RECV_LABELS(STOPPABLE_RECV)
  LABEL(CLONE_SENDER, OK, 0, clone_sender_ok(it), clone_sender(it), it.senders < HANDLES)
  LABEL(DROP_SENDER, OK, 0, drop_sender_ok(it), drop_sender(it), true)
  LABEL(CLONE_RECEIVER, OK, 0, clone_receiver_ok(it), clone_receiver(it), it.receivers < HANDLES)
  LABEL(DROP_RECEIVER, OK, 0, drop_receiver_ok(it), drop_receiver(it), true)
  LABEL(REQUEST_STOP, OK, 0, true, request_stop(), true)
  LABEL(CLOSE, OK, 0, close_ok(it), close(it), true)
  CLOSED_LABELS(CLOSED)
  CLOSED_LABELS(TRY_CLOSED)
  CLOSED_LABELS(TIMED_CLOSED)
  CLOSED_LABELS(STOPPABLE_CLOSED)
  od
}
