/* SPDX-License-Identifier: MIT
 *
 * The rules of select.pml and those of select_spec.hpp, side by side, as agreement.pml has those of a
 * channel: in every pair of states that they reach together, each label has to be allowed by both or by
 * neither; if it is, both take it. Two calls, each with any of the cases that the configuration gives it.
 *
 * select_agreement.h says how the C++ is called.
 */
#define SELECT_RULES_ONLY
#include "select.pml"

c_decl { \#include "select_agreement.h" }
c_state "unsigned char cpp[CPP_SELECT_BYTES]" "Global"

/* What a label is about, in the order of select_rules.hpp. */
#define CHOOSE 0
#define MEET_OTHER 1
#define SEE 2
#define END_WAITING 3
#define FAIL_SO 4
#define HAS_SENT 5
#define DROP_A_SENDER 6
#define DROP_A_RECEIVER 7
#define BECOME_DUE 8
#define ASK_TO_STOP 9
#define CLOSE_A_CHANNEL 10

call calls[2];

/* A label and who allows it, while they are compared; otherwise 0. */
byte what, who, which, response, message, other, other_case;
bit promela_allows, cpp_allows;

inline forget() {
  what = 0;
  who = 0;
  which = 0;
  response = 0;
  message = 0;
  other = 0;
  other_case = 0;
  promela_allows = 0;
  cpp_allows = 0
}

#define disagree_unless_equal() \
  if \
  :: promela_allows == cpp_allows \
  :: promela_allows && !cpp_allows -> printf("Promela allows it, C++ does not\n"); assert(false) \
  :: !promela_allows && cpp_allows -> printf("C++ allows it, Promela does not\n"); assert(false) \
  fi

inline ask_cpp() {
  c_code {
    now.cpp_allows = cpp_select_allows(now.cpp, now.what, now.who, now.which, now.response,
                                       now.message, now.other, now.other_case);
  }
}
inline take_cpp() {
  c_code {
    cpp_select_take(now.cpp, now.what, now.who, now.which, now.response, now.message, now.other,
                    now.other_case);
  }
}

/* One label, `said` as it is in a trail. */
#define LABEL(said, action, k, i, answer, value, l, j, rule, effect)    \
  :: d_step {                                                           \
       printf said;                                                     \
       what = action;                                                   \
       who = k;                                                         \
       which = i;                                                       \
       response = OK - answer;                                          \
       message = value;                                                 \
       other = l;                                                       \
       other_case = j;                                                  \
       promela_allows = rule;                                           \
       ask_cpp();                                                       \
       disagree_unless_equal();                                         \
       if                                                               \
       :: promela_allows -> effect; take_cpp()                          \
       :: else                                                          \
       fi;                                                              \
       forget()                                                         \
     }

#define CHOOSE_LABEL(k, i, answer, value, rule, effect)                                  \
  LABEL(("%d: case %d -> @%d %d\n", k, i, answer, value), CHOOSE, k, i, answer, value, 0, 0, rule, \
        effect; end_call(calls[k]))
#define SEE_LABEL(k, i, rule)                                                            \
  LABEL(("%d: case %d is impossible\n", k, i), SEE, k, i, OK, 0, 0, 0, rule, see(calls[k], i))
#define SENT_LABEL(k, i)                                                                 \
  LABEL(("%d: the value of case %d is sent\n", k, i), HAS_SENT, k, i, OK, 0, 0, 0,       \
        ((calls[k].sent >> i) & 1) == 1, skip)

#define SEND_LABELS(k, i, c)                                                             \
  CHOOSE_LABEL(k, i, OK, 0, choose_send_ok(calls[k], i, c),                              \
               put(c, k + 1); take_value(calls[k], i))                                   \
  CHOOSE_LABEL(k, i, DISCONNECTED, 0, choose_send_disconnected(calls[k], i, c), skip)    \
  CHOOSE_LABEL(k, i, FULL, 0, false, skip)                                               \
  SEE_LABEL(k, i, see_send_ok(calls[k], i, c))                                           \
  SENT_LABEL(k, i)

#define RECV_LABELS(k, i, c)                                                             \
  CHOOSE_LABEL(k, i, OK, 1, choose_recv_ok(calls[k], i, c, 1), take(c))                  \
  CHOOSE_LABEL(k, i, OK, 2, choose_recv_ok(calls[k], i, c, 2), take(c))                  \
  CHOOSE_LABEL(k, i, DISCONNECTED, 0, choose_recv_disconnected(calls[k], i, c), skip)    \
  CHOOSE_LABEL(k, i, STOPPED, 0, false, skip)                                            \
  SEE_LABEL(k, i, see_recv_ok(calls[k], i, c))                                           \
  SENT_LABEL(k, i)

#define TIME_LABELS(k)                                                                   \
  CHOOSE_LABEL(k, 4, OK, 0, choose_time(calls[k]), fire(the_timer))                      \
  CHOOSE_LABEL(k, 4, DISCONNECTED, 0, false, skip)                                       \
  SEE_LABEL(k, 4, see_time_ok(calls[k]))                                                 \
  SENT_LABEL(k, 4)

#if LAST_CASE == 5
#define CLOSED_LABELS(k)                                                                 \
  CHOOSE_LABEL(k, 5, OK, 0, choose_closed(calls[k], channels[0]), skip)                  \
  CHOOSE_LABEL(k, 5, DISCONNECTED, 0, false, skip)                                       \
  SEE_LABEL(k, 5, see_closed_ok(calls[k], channels[0]))                                  \
  SENT_LABEL(k, 5)
#else
#define CLOSED_LABELS(k)
#endif

#define END_LABELS(k)                                                                    \
  LABEL(("%d: its deadline has passed\n", k), END_WAITING, k, 0, TIMEOUT, 0, 0, 0,       \
        timeout_ends(calls[k]), end_waiting(calls[k], TIMEOUT))                          \
  LABEL(("%d: notices the stop\n", k), END_WAITING, k, 0, STOPPED, 0, 0, 0,              \
        stop_ends(calls[k]), end_waiting(calls[k], STOPPED))                             \
  LABEL(("%d: ends for no reason\n", k), END_WAITING, k, 0, EMPTY, 0, 0, 0, false, skip)

#define FAIL_LABEL(k, why)                                                               \
  LABEL(("%d -> @%d\n", k, why), FAIL_SO, k, 0, why, 0, 0, 0, fails_ok(calls[k], why),   \
        end_call(calls[k]))

#define MEET_LABEL(k, i, l, j, same, c)                                                  \
  LABEL(("%d meets %d: case %d and case %d\n", k, l, i, j), MEET_OTHER, k, i, OK, 0, l, j, \
        same && other_call(k, l) && meet_ok(calls[k], i, calls[l], j, c), meet(calls[k], i, calls[l]))
#define MEET_LABELS(k, l)                                                                \
  MEET_LABEL(k, 0, l, 1, true, channels[0])                                              \
  MEET_LABEL(k, 2, l, 3, true, channels[1])                                              \
  MEET_LABEL(k, 0, l, 3, false, channels[0])                                             \
  MEET_LABEL(k, 1, l, 0, false, channels[0])

#define CALL_LABELS(k)                                                                   \
  SEND_LABELS(k, 0, channels[0])                                                         \
  RECV_LABELS(k, 1, channels[0])                                                         \
  SEND_LABELS(k, 2, channels[1])                                                         \
  RECV_LABELS(k, 3, channels[1])                                                         \
  TIME_LABELS(k)                                                                         \
  CLOSED_LABELS(k)                                                                       \
  END_LABELS(k)                                                                          \
  FAIL_LABEL(k, EMPTY)                                                                   \
  FAIL_LABEL(k, TIMEOUT)                                                                 \
  FAIL_LABEL(k, STOPPED)                                                                 \
  MEET_LABELS(k, 0)                                                                      \
  MEET_LABELS(k, 1)

#define DROP_LABELS(c, i)                                                                \
  LABEL(("drop of the sender of channel %d\n", i / 2), DROP_A_SENDER, 0, i, OK, 0, 0, 0, \
        drop_sender_ok(c), drop_sender(c))                                               \
  LABEL(("drop of the receiver of channel %d\n", i / 2), DROP_A_RECEIVER, 0, i, OK, 0, 0, 0, \
        drop_receiver_ok(c), drop_receiver(c))

/* Calls are made and forgotten by both: no rule says when. */
#define INVOKE(k, set)                                                                   \
  :: atomic {                                                                            \
       calls[k].cases == 0 && set != 0;                                                  \
       for (at : 0 .. LAST_CASE) {                                                       \
         if                                                                              \
         :: set & (1 << at) -> calls[k].cases = calls[k].cases | (1 << at)               \
         :: true                                                                         \
         fi                                                                              \
       }                                                                                 \
       at = 0;                                                                           \
       if                                                                                \
       :: FOR_EVER -> calls[k].how = UNTIL_DONE                                          \
       :: TRY -> calls[k].how = NOT_AT_ALL                                               \
       :: TIMED -> calls[k].how = UNTIL_DEADLINE                                         \
       :: STOP -> calls[k].how = UNTIL_STOP                                              \
       fi;                                                                               \
       if :: BIASED -> calls[k].biased = 1 :: true fi;                                   \
       if :: calls[k].cases == 0 -> forget_call(calls[k]) :: else fi;                    \
       printf("%d: calls with the cases %d, how %d, biased %d\n", k, calls[k].cases, calls[k].how, \
              calls[k].biased);                                                          \
       c_code {                                                                          \
         cpp_select_invoke(now.cpp, k, now.calls[k].cases, now.calls[k].how, now.calls[k].biased); \
       }                                                                                 \
     }                                                                                   \
  :: d_step { calls[k].over ->                                                           \
       forget_call(calls[k]);                                                            \
       c_code { cpp_select_invoke(now.cpp, k, 0, 0, 0); } }

active proctype product() {
  d_step {
    begin_state();
    c_code { cpp_select_begin(now.cpp, CAPACITY_0, CAPACITY_1, TIMER, MOST); }
  }
  do
  :: d_step { c_code { cpp_select_new_pair(); } }
  INVOKE(0, CASES_0)
  INVOKE(1, CASES_1)
  CALL_LABELS(0)
  CALL_LABELS(1)
  DROP_LABELS(channels[0], 0)
#if (CASES_0 | CASES_1) & (SEND_1 + RECV_1)
  DROP_LABELS(channels[1], 2)
#endif
#if LAST_CASE == 5
  LABEL(("the channel is closed\n"), CLOSE_A_CHANNEL, 0, 0, OK, 0, 0, 0, close_ok(channels[0]),
        close(channels[0]))
#endif
  LABEL(("the timer is due\n"), BECOME_DUE, 0, 0, OK, 0, 0, 0, becomes_due_ok(the_timer),
        becomes_due(the_timer))
  LABEL(("request_stop\n"), ASK_TO_STOP, 0, 0, OK, 0, 0, 0, true, request_stop())
  od
}
