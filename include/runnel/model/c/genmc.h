/* SPDX-License-Identifier: MIT
 *
 * What programs in C, written for a model checker of GenMC's kind, ask of it: __VERIFIER_assume and the like, so that
 * such a program becomes a check by runnel_add_native_check (which finds <genmc.h> here) with no line changed. Threads,
 * mutexes and assert are those of the C library; see docs/unmodified-code.md.
 *
 * What is a hint to another search, and no part of the meaning, is nothing here. Hazard pointers, files and
 * persistency are missing.
 */
#ifndef RUNNEL_MODEL_C_GENMC_H
#define RUNNEL_MODEL_C_GENMC_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

unsigned runnel_choose(unsigned n);
void runnel_assume(int condition);

/* Unless the condition holds, the thread goes no further; that is no failure. It is a call of runnel_assume, by another
 * name: what is shown of it has the place where the program calls it. */
void __VERIFIER_assume(bool condition) __asm__("runnel_assume");

/* One of the values from 0, each in some executions. What holds for other values is not known then. */
#ifndef RUNNEL_NONDET_VALUES
#define RUNNEL_NONDET_VALUES 2
#endif
#define __VERIFIER_nondet_int() ((int)runnel_choose(RUNNEL_NONDET_VALUES))
#define __VERIFIER_nondet_uint() runnel_choose(RUNNEL_NONDET_VALUES)
#define __VERIFIER_nondet_bool() (runnel_choose(2) != 0)

/* Threads, without attributes and errors. That two are symmetric is not made use of. */
typedef pthread_t __VERIFIER_thread_t;

static inline __VERIFIER_thread_t __VERIFIER_spawn(void *(*start)(void *), void *argument) {
  pthread_t t;
  if (pthread_create(&t, NULL, start, argument) != 0) abort();
  return t;
}
static inline __VERIFIER_thread_t __VERIFIER_spawn_symmetric(void *(*start)(void *), void *argument,
                                                             __VERIFIER_thread_t like) {
  (void)like;
  return __VERIFIER_spawn(start, argument);
}
static inline void *__VERIFIER_join(__VERIFIER_thread_t t) {
  void *result = NULL;
  if (pthread_join(t, &result) != 0) abort();
  return result;
}
static inline void __VERIFIER_join_symmetric(__VERIFIER_thread_t t) { (void)__VERIFIER_join(t); }

/* A loop that waits: its turns are found without being told. A turn that does not end the loop goes no further. */
#define __VERIFIER_loop_begin() ((void)0)
#define __VERIFIER_spin_start() ((void)0)
#define __VERIFIER_spin_end(condition) __VERIFIER_assume(condition)

/* Hints: what they mark is done as it stands. */
#define __VERIFIER_local_write(statement) \
  do {                                    \
    statement;                            \
  } while (0)
#define __VERIFIER_final_write(statement) __VERIFIER_local_write(statement)
#define __VERIFIER_helped_CAS(statement) __VERIFIER_local_write(statement)
#define __VERIFIER_helping_CAS(statement) __VERIFIER_local_write(statement)
#define __VERIFIER_speculative_read(expression) (expression)
#define __VERIFIER_confirming_read(expression) (expression)
#define __VERIFIER_confirming_CAS(expression) (expression)
#define __VERIFIER_final_CAS(expression) (expression)
/* Does not matter for what is to hold, and is left out. */
#define __VERIFIER_optional(statement) \
  do {                                 \
  } while (0)

#define __VERIFIER_method_begin(name, argument) ((void)0)
#define __VERIFIER_method_end(name, result) ((void)0)

#ifdef __cplusplus
}
#endif

#endif
