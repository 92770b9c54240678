/* SPDX-License-Identifier: MIT
 *
 * What select_agreement.pml asks the C++ spec of a select. A state is so many bytes in the state of
 * Spin's verifier. */
#ifndef RUNNEL_SPEC_SELECT_AGREEMENT_H
#define RUNNEL_SPEC_SELECT_AGREEMENT_H

#define CPP_SELECT_BYTES 23

#ifdef __cplusplus
extern "C" {
#endif

/* The first state: one handle of each side of both channels. */
void cpp_select_begin(unsigned char* state, int capacity_0, int capacity_1, int timer, int most);

/* Whether the rules allow a label in a state, which is not changed: an action (a number, in the order of
 * select_rules.hpp) of a call and one of its cases, with a response and a message; the call and the case
 * that it meets. Handles are dropped of the channel of a case. */
int cpp_select_allows(const unsigned char* state, int action, int call, int which, int response,
                      int message, int other_call, int other_case);
/* To the state after a label that is allowed. */
void cpp_select_take(unsigned char* state, int action, int call, int which, int response,
                     int message, int other_call, int other_case);

/* A call begins, with the cases of a set; without any, it is forgotten. */
void cpp_select_invoke(unsigned char* state, int call, int cases, int how, int biased);

/* Counts a pair of states. The numbers of pairs and labels are printed when the program ends. */
void cpp_select_new_pair(void);

#ifdef __cplusplus
}
#endif
#endif
