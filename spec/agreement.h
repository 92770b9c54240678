/* SPDX-License-Identifier: MIT
 *
 * What agreement.pml asks the C++ spec. A state is so many bytes in the state of Spin's verifier;
 * operations and responses are the numbers of their enumerators. */
#ifndef RUNNEL_SPEC_AGREEMENT_H
#define RUNNEL_SPEC_AGREEMENT_H

#define CPP_BYTES 14
#define CPP_UNBOUNDED 255

#ifdef __cplusplus
extern "C" {
#endif

/* The first state. `most` is what the model can buffer: it has to be what the C++ state can. */
void cpp_begin(unsigned char* state, int capacity, int senders, int receivers, int most);

/* Whether the rules allow a label in a state, which is not changed. */
int cpp_allows_step(const unsigned char* state, int operation, int response, int message);
int cpp_allows_joint(const unsigned char* state, int operation, int response, int message,
                     int other_operation, int other_response, int other_message);

/* To the state after a label that is allowed. */
void cpp_take(unsigned char* state, int operation, int response, int message);

/* Counts a pair of states. The numbers of pairs and labels are printed when the program ends. */
void cpp_new_pair(void);

#ifdef __cplusplus
}
#endif
#endif
