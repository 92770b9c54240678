// SPDX-License-Identifier: MIT
//
// What threads keep under keys, of POSIX and of C.
#include "posix.hpp"

#include <pthread.h>
#include <threads.h>

#include <limits.h>
#include <cerrno>
#include <utility>

namespace runnel::model::native {

namespace {

/// To make or delete one is to write it, to use one is to read it: they are ordered as other data, or race.
key& checked(unsigned number, place where) {
  key* const k = call::program().keys.find(number);
  if (k == nullptr) misuse("assertion", "uses a key that was never created", where);
  touch(k, where);
  if (!k->alive) misuse("assertion", "uses a key that was deleted", where);
  return *k;
}

/// Of a library, or before the search.
int create_in_process(pthread_key_t* out, void (*at_exit)(void*)) {
  const int error = behind<decltype(pthread_key_create)>("pthread_key_create")(out, at_exit);
  if (error == 0) thread_keys::of_process[*out] = {at_exit, true};
  return error;
}
int create(const call& c, pthread_key_t* out, void (*at_exit)(void*)) {
  if (!c.of_program() || call::program().is_of_library(out)) return create_in_process(out, at_exit);
  call::acts();
  const place where = c.where();
  const auto number = call::program().keys.make(call::thread(), at_exit);
  if (!number) return EAGAIN;
  call::program().memory.write(address_of(call::program().keys.find(*number)), 1, where);
  give_back(out, *number, where);
  return 0;
}
int erase_in_process(pthread_key_t number) {
  if (thread_keys::is_of_process(number)) thread_keys::of_process[number] = {};
  return behind<decltype(pthread_key_delete)>("pthread_key_delete")(number);
}
int erase(const call& c, pthread_key_t number) {
  if (!c.of_program() || thread_keys::is_of_process(number)) return erase_in_process(number);
  call::acts();
  key& k = checked(number, c.where());
  call::program().memory.write(address_of(&k), 1, c.where());
  k.alive = false;
  return 0;
}
void* get(unsigned number, place where) {
  (void)checked(number, where);
  const auto& held = call::me().held_at_keys;
  const auto one = held.find(number);
  return one == held.end() ? nullptr : one->second;
}
void set(unsigned number, const void* value, place where) {
  (void)checked(number, where);
  call::me().held_at_keys[number] = const_cast<void*>(value);
}

}  // namespace

thread_of_program::at_exit next_at_key(thread_of_program& t) {
  constexpr place where{"end of the thread"};
  bool any = true;
  while (any && t.rounds_at_exit < PTHREAD_DESTRUCTOR_ITERATIONS) {
    any = t.next_key_at_exit > 0;
    for (auto at = t.held_at_keys.lower_bound(t.next_key_at_exit); at != t.held_at_keys.end();
         ++at) {
      void* const value = std::exchange(at->second, nullptr);
      if (value == nullptr) continue;
      any = true;
      t.next_key_at_exit = at->first + 1;
      const key* const k = call::program().keys.find(at->first);
      if (k == nullptr) continue;
      touch(k, where);
      if (k->alive && k->at_exit != nullptr) return {k->at_exit, value};
    }
    t.next_key_at_exit = 0;
    ++t.rounds_at_exit;
  }
  return {};
}

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_key_create(pthread_key_t* out, void (*at_exit)(void*)) {
  const call c;
  return create(c, out, at_exit);
}
int runnel_do_pthread_key_delete(pthread_key_t k) {
  const call c;
  return erase(c, k);
}
void* runnel_do_pthread_getspecific(pthread_key_t k) {
  const call c;
  PASS(pthread_getspecific, k)
  return get(k, c.where());
}
int runnel_do_pthread_setspecific(pthread_key_t k, const void* value) {
  ENTER(pthread_setspecific, k, value)
  set(k, value, c.where());
  return 0;
}

int runnel_do_tss_create(tss_t* out, tss_dtor_t at_exit) {
  const call c;
  return create(c, out, at_exit) == 0 ? thrd_success : thrd_error;
}
void runnel_do_tss_delete(tss_t k) {
  const call c;
  (void)erase(c, k);
}
void* runnel_do_tss_get(tss_t k) {
  const call c;
  PASS(tss_get, k)
  return get(k, c.where());
}
int runnel_do_tss_set(tss_t k, void* value) {
  ENTER(tss_set, k, value)
  set(k, value, c.where());
  return thrd_success;
}
}
// NOLINTEND
