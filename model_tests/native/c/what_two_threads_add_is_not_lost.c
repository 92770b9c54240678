/* SPDX-License-Identifier: MIT
 *
 * Each adds 0 or 1, by a compare-exchange that is tried until it succeeds. */
#include <genmc.h>

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

static atomic_int sum;

static void *add(void *unused) {
  const int n = __VERIFIER_nondet_int();
  int old = atomic_load(&sum);
  while (!__VERIFIER_final_CAS(atomic_compare_exchange_strong(&sum, &old, old + n))) {
    __VERIFIER_optional(assert(!"it is left out"));
  }
  (void)unused;
  return (void *)(intptr_t)n;
}

int main(void) {
  __VERIFIER_thread_t first = __VERIFIER_spawn(add, NULL);
  __VERIFIER_thread_t second = __VERIFIER_spawn_symmetric(add, NULL, first);
  const int a = (int)(intptr_t)__VERIFIER_join(first);
  const int b = (int)(intptr_t)__VERIFIER_join(second);
  assert(atomic_load(&sum) == a + b);
  return 0;
}
