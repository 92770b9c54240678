/* SPDX-License-Identifier: MIT
 *
 * A program that declares what it asks of its model checker itself, as many do. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#ifndef ORDER
#define ORDER memory_order_release
#endif

void __VERIFIER_assume(bool condition);

static int message;
static atomic_int ready;

static void *send(void *argument) {
  message = 42;
  atomic_store_explicit(&ready, 1, ORDER);
  return argument;
}

int main(void) {
  pthread_t sender;
  pthread_create(&sender, NULL, send, NULL);
  __VERIFIER_assume(atomic_load_explicit(&ready, memory_order_acquire) == 1);
  assert(message == 42);
  pthread_join(sender, NULL);
  return 0;
}
