/* SPDX-License-Identifier: MIT
 *
 * Peterson's lock. */
#include <genmc.h>

#include <assert.h>
#include <stdatomic.h>

#ifndef ORDER
#define ORDER memory_order_seq_cst
#endif

static atomic_int flags[2];
atomic_int turn; /* of a static one Clang 19 removes all accesses */
static int count;

static void *add(void *argument) {
  const int me = argument != NULL;
  atomic_store_explicit(&flags[me], 1, ORDER);
  atomic_store_explicit(&turn, 1 - me, ORDER);
  while (atomic_load_explicit(&flags[1 - me], ORDER) && atomic_load_explicit(&turn, ORDER) != me) {
  }
  ++count;
  atomic_store_explicit(&flags[me], 0, memory_order_release);
  return NULL;
}

int main(void) {
  __VERIFIER_thread_t first = __VERIFIER_spawn(add, NULL);
  __VERIFIER_thread_t second = __VERIFIER_spawn(add, &count);
  __VERIFIER_join(first);
  __VERIFIER_join(second);
  assert(count == 2);
  return 0;
}
