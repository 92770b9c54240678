// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdatomic.h>

static int message;
static atomic_int ready;

static void* send(void* argument) {
  message = 42;
  atomic_store_explicit(&ready, 1, memory_order_release);
  return argument;
}

int main(void) {
  pthread_t sender;
  pthread_create(&sender, 0, send, 0);
  int is_whole = 1;
  if (atomic_load_explicit(&ready, memory_order_acquire)) is_whole = message == 42;
  pthread_join(sender, 0);
  return is_whole ? 0 : 1;
}
