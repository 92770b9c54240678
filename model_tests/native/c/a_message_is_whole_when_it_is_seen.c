/* SPDX-License-Identifier: MIT */
#include <genmc.h>

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef ORDER
#define ORDER memory_order_release
#endif

static int message;
static atomic_int ready;

static void *sender(void *unused) {
  message = 42;
  atomic_store_explicit(&ready, 256, ORDER);
  return unused;
}

static void *receiver(void *unused) {
  __VERIFIER_assume(atomic_load_explicit(&ready, memory_order_acquire) & 256);
  assert(message == 42);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  if (pthread_create(&threads[0], NULL, sender, NULL) != 0) return 1;
  if (pthread_create(&threads[1], NULL, receiver, NULL) != 0) return 1;
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
