// SPDX-License-Identifier: MIT
#include "sync.hpp"

#include "names.hpp"
#include "program.hpp"

#include <runnel/model/word.hpp>

#include <pthread.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <new>
#include <optional>

namespace runnel::model::native {

// ---- Objects

sync_objects::place_of_objects& sync_objects::place_at(const void* address, std::size_t part) {
  std::deque<place_of_objects>& all = places_[address];
  if (all.size() <= part) all.resize(part + 1);
  place_of_objects& p = all[part];
  if (p.run != run_) {
    p.run = run_;
    p.lives_so_far = 0;
    p.alive = false;
    p.begun = {};
  }
  return p;
}

const object& sync_objects::at(const void* address, const char* what, std::uint64_t initial,
                               std::size_t part) {
  place_of_objects& p = place_at(address, part);
  if (p.alive) return handle(p.lives[p.lives_so_far - 1]);
  p.alive = true;
  if (++p.lives_so_far > p.lives.size()) {
    p.lives.emplace_back().name =
        std::string(what) + ' ' + name_of(reinterpret_cast<std::uintptr_t>(address));
  }
  life& l = p.lives[p.lives_so_far - 1];
  execution& x = execution::current();
  execution::birth birth{l.locations, p.begun, {}};
  x.give_birth(&birth);
  new (l.made.data()) object(object_kind::atomic, initial);
  x.give_birth(nullptr);
  handle(l).set_name(l.name.c_str());
  return handle(l);
}

void sync_objects::renew(const void* address) {
  (void)place_at(address, 0);
  for (const place_of_objects& p : places_[address]) {
    if (p.run == run_ && p.alive)
      execution::current().end_of_life(handle(p.lives[p.lives_so_far - 1]));
  }
  abandon(address, 0);
}

void sync_objects::abandon(const void* address, std::size_t first_part) {
  for (std::size_t part = first_part; part < std::max<std::size_t>(places_[address].size(), 1);
       ++part) {
    place_of_objects& p = place_at(address, part);
    p.alive = false;
    p.begun = execution::current().here();
  }
}

namespace {

using order = std::memory_order;

// ---- Mutexes: who holds it, plus one; and above that, how often besides.

constexpr std::uint64_t one_level = 256;

enum class kind : std::uint8_t { normal, recursive, checking };

kind kind_of(const void* mutex) {
  switch (static_cast<const pthread_mutex_t*>(mutex)->__data.__kind & 3) {
    case PTHREAD_MUTEX_RECURSIVE: return kind::recursive;
    case PTHREAD_MUTEX_ERRORCHECK: return kind::checking;
    default: return kind::normal;
  }
}

const object& mutex_at(void* mutex) { return native_program::only().objects.at(mutex, "mutex", 0); }

std::uint64_t me() { return this_thread() + std::uint64_t{1}; }

operation locks() {
  return {.kind = operation_kind::compare, .order = order::acquire, .operand = me(), .expected = 0};
}

/// Of a mutex that the thread holds; nothing if it does not.
std::optional<int> lock_again(const object& m, void* mutex, place where, bool tries) {
  const std::uint64_t held = newest_known(m);
  if (held % one_level != me()) return std::nullopt;
  if (kind_of(mutex) == kind::recursive) {
    store(m, held + one_level, order::relaxed, where);
    return 0;
  }
  if (tries) return EBUSY;
  if (kind_of(mutex) == kind::checking) return EDEADLK;
  fail("deadlock",
       thread_name(this_thread()) + " locks a mutex again that it holds, at " + text_of(where));
}

}  // namespace

int lock(void* mutex, place where, waiting how) {
  const object& m = mutex_at(mutex);
  if (const auto known = lock_again(m, mutex, where, false)) return *known;
  const operation op = locks();
  const auto is_free = [](std::uint64_t v) { return v == 0; };
  (void)await_modify(m, op, acceptance(is_free), where, how);
  return 0;
}

int try_lock(void* mutex, place where) {
  const object& m = mutex_at(mutex);
  if (const auto known = lock_again(m, mutex, where, true)) return *known;
  return modify_weakly(m, locks(), where).wrote ? 0 : EBUSY;
}

int unlock(void* mutex, place where) {
  const object& m = mutex_at(mutex);
  const std::uint64_t held = newest_known(m);
  if (held % one_level != me()) {
    if (kind_of(mutex) != kind::normal) return EPERM;
    fail("assertion", thread_name(this_thread()) + " unlocks a mutex that it does not hold, at " +
                          text_of(where));
  }
  const std::uint64_t left = held - one_level;
  store(m, held < one_level ? 0 : left, order::release, where);
  return 0;
}

// ---- Condition variables: a bit for each thread that waits

bool wait(void* condition, void* mutex, bool timed, place where) {
  const object& c = native_program::only().objects.at(condition, "condition variable", 0);
  execution::current().comes_to(where);
  if (timed && time_is_over()) {
    (void)unlock(mutex, where);
    (void)lock(mutex, where, waiting::sleeps);
    return false;
  }
  if (!wakes_spuriously()) {
    const std::uint64_t mine = std::uint64_t{1} << this_thread();
    (void)modify(c, {.kind = operation_kind::bit_or, .operand = mine}, where);
    (void)unlock(mutex, where);
    const auto is_woken = [mine](std::uint64_t v) { return (v & mine) == 0; };
    (void)await(c, order::relaxed, acceptance(is_woken), where,
                timed ? waiting::sleeps_for_a_time : waiting::sleeps);
  } else {
    (void)unlock(mutex, where);
  }
  (void)lock(mutex, where, waiting::sleeps);
  return true;
}

void notify(void* condition, bool all, place where) {
  const object& c = native_program::only().objects.at(condition, "condition variable", 0);
  const auto kind = all ? operation_kind::wake_all : operation_kind::wake_one;
  if (!modify(c, {.kind = kind}, where).wrote && recording())
    remark("notifies nobody: no thread waits");
}

// ---- Their end

void destroy_mutex(void* mutex, place where) {
  const std::uint64_t held = newest_known(mutex_at(mutex));
  if (held != 0)
    fail("assertion", "a mutex is destroyed while " +
                          thread_name(static_cast<unsigned>(held % one_level) - 1) +
                          " holds it, at " + text_of(where));
  native_program::only().objects.renew(mutex);
}

void destroy_condition(void* condition, place where) {
  sync_objects& objects = native_program::only().objects;
  const std::uint64_t waiting = newest_known(objects.at(condition, "condition variable", 0));
  if (waiting != 0)
    fail("assertion", "a condition variable is destroyed while " +
                          thread_name(static_cast<unsigned>(std::countr_zero(waiting))) +
                          " waits for it, at " + text_of(where));
  objects.renew(condition);
}

}  // namespace runnel::model::native
