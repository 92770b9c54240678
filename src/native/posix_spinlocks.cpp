// SPDX-License-Identifier: MIT
//
// Locks that spin. To lock is one step.
#include "posix.hpp"
#include "sync.hpp"

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace runnel::model::native {

namespace {

using order = std::memory_order;

/// What is in the memory of one, as long as it may be used. Nobody writes it as plain data.
constexpr int made_here = 1;

class spinlock {
 public:
  spinlock(volatile int* p, place where) : memory_(const_cast<int*>(p)), where_(where) {
    touch(memory_, where);
    if (*memory_ != made_here)
      misuse("assertion", "uses a spin lock that is not initialized", where);
  }
  static void begin(volatile int* p, place where) {
    auto* const memory = const_cast<int*>(p);
    claim(memory, sizeof *memory, where);
    call::program().objects.renew(memory);
    *memory = made_here;
  }
  void end() const {
    claim(memory_, sizeof *memory_, where_);
    if (const std::uint64_t holder = known(); holder != nobody)
      misuse(
          "assertion",
          "destroys a spin lock that " + thread_name(static_cast<unsigned>(holder - 1)) + " holds",
          where_);
    call::program().objects.renew(memory_);
    *memory_ = 0;
  }
  int lock() const {
    if (known() == me()) misuse("deadlock", "locks a spin lock again that it holds", where_);
    const auto is_free = [](std::uint64_t v) { return v == nobody; };
    (void)await_modify(state(), locks(), acceptance(is_free), where_, waiting::spins);
    return 0;
  }
  int try_lock() const {
    return known() != me() && modify_weakly(state(), locks(), where_).wrote ? 0 : EBUSY;
  }
  int unlock() const {
    if (known() != me()) misuse("assertion", "unlocks a spin lock that it does not hold", where_);
    store(state(), nobody, order::release, where_);
    return 0;
  }

 private:
  static constexpr std::uint64_t nobody = 0;

  static std::uint64_t me() { return this_thread() + std::uint64_t{1}; }
  static operation locks() {
    return {.kind = operation_kind::compare,
            .order = order::acquire,
            .operand = me(),
            .expected = nobody};
  }
  [[nodiscard]] const object& state() const {
    return call::program().objects.at(memory_, "spin lock", nobody);
  }
  [[nodiscard]] std::uint64_t known() const { return newest_known(state()); }

  int* memory_;
  place where_;
};

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_spin_init(pthread_spinlock_t* p, int shared) {
  ENTER(pthread_spin_init, p, shared)
  spinlock::begin(p, c.where());
  return 0;
}
int runnel_do_pthread_spin_destroy(pthread_spinlock_t* p) {
  ENTER(pthread_spin_destroy, p)
  spinlock(p, c.where()).end();
  return 0;
}
int runnel_do_pthread_spin_lock(pthread_spinlock_t* p) {
  ENTER(pthread_spin_lock, p)
  return spinlock(p, c.where()).lock();
}
int runnel_do_pthread_spin_trylock(pthread_spinlock_t* p) {
  ENTER(pthread_spin_trylock, p)
  return spinlock(p, c.where()).try_lock();
}
int runnel_do_pthread_spin_unlock(pthread_spinlock_t* p) {
  ENTER(pthread_spin_unlock, p)
  return spinlock(p, c.where()).unlock();
}
}
// NOLINTEND
