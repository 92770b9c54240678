// SPDX-License-Identifier: MIT
//
// Read-write locks, as model::shared_mutex has them: readers are not ordered among each other. But a thread may share
// again what it shares already, and who unlocks one does not say how it is held.
#include "posix.hpp"
#include "sync.hpp"

#include <runnel/model/shared_ownership.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace runnel::model::native {

namespace {

using order = std::memory_order;

class rwlock {
 public:
  rwlock(pthread_rwlock_t* p, place where) : memory_(p), where_(where) {
    touch(p, where);
    if (p->__data.__cur_writer == destroyed)
      misuse("assertion", "uses a read-write lock after its end", where);
  }
  static void begin(pthread_rwlock_t* p, place where) {
    claim(p, sizeof *p, where);
    call::program().objects.renew(p);
  }
  void end() const {
    claim(memory_, sizeof *memory_, where_);
    if (const std::uint64_t holders = ownership::holders(known()); holders != 0)
      misuse("assertion", "destroys a read-write lock that " + first_of(holders) + " holds",
             where_);
    call::program().objects.renew(memory_);
    memory_->__data.__cur_writer = destroyed;
  }

  int lock(waiting how) const {
    if (is_mine(known())) refuse_again();
    (void)await_to(ownership::lock_alone(this_thread()), how);
    return 0;
  }
  int try_lock() const {
    // Whoever holds it knows that, and reads nothing.
    if (is_mine(known())) return EBUSY;
    return modify_weakly(state(), ownership::lock_alone(this_thread()), where_).wrote ? 0 : EBUSY;
  }
  int share(waiting how) const {
    const std::uint64_t held = known();
    if (!is_mine(held)) {
      happen_after_owners(await_to(ownership::share(this_thread()), how));
      return 0;
    }
    if (ownership::is_held_alone(held)) refuse_again();
    return share_again();
  }
  int try_share() const {
    const std::uint64_t held = known();
    if (is_mine(held)) return ownership::is_held_alone(held) ? EBUSY : share_again();
    const rmw_outcome r = modify_weakly(state(), ownership::share(this_thread()), where_);
    if (!r.wrote) return EBUSY;
    happen_after_owners(r.value);
    return 0;
  }
  int unlock() const {
    const std::uint64_t held = known();
    if (!is_mine(held))
      misuse("assertion", "unlocks a read-write lock that it does not hold", where_);
    if (ownership::is_held_alone(held)) {
      const std::uint64_t owners = ownership::owners_before(held) + 1;
      store(owners_before(), owners, order::release, where_);
      store(state(), owners, order::release, where_);
    } else if (!shares_still()) {
      (void)modify(state(), ownership::share_no_longer(this_thread()), where_);
    }
    return 0;
  }

 private:
  static constexpr int destroyed = -1;  // no number of a thread
  using ownership = shared_ownership;
  static_assert(max_threads < ownership::most_holders);

  static bool is_mine(std::uint64_t word) { return ownership::is_held_by(this_thread(), word); }
  static std::string first_of(std::uint64_t holders) {
    return thread_name(ownership::first_of(holders));
  }

  [[nodiscard]] const object& state() const {
    return call::program().objects.at(memory_, "read-write lock", 0);
  }
  [[nodiscard]] const object& owners_before() const {
    return call::program().objects.at(memory_, "owners of read-write lock", 0, 1);
  }
  [[nodiscard]] std::uint64_t known() const { return newest_known(state()); }
  [[noreturn]] void refuse_again() const {
    misuse("deadlock", "locks a read-write lock again that it holds", where_);
  }
  [[nodiscard]] std::uint64_t await_to(const operation& op, waiting how) const {
    const auto accepts = [&op](std::uint64_t v) { return writes(op, v); };
    return await_modify(state(), op, acceptance(accepts), where_, how);
  }
  /// There is one write that the read can take its value from, so this adds no executions.
  void happen_after_owners(std::uint64_t state) const {
    const std::uint64_t owners = ownership::owners_before(state);
    if (owners == 0) return;
    const auto is_last = [owners](std::uint64_t n) { return n == owners; };
    (void)await(owners_before(), order::acquire, acceptance(is_last), where_, waiting::sleeps);
  }
  /// No step: nobody else can tell.
  [[nodiscard]] int share_again() const {
    call::me().shared_again.push_back(memory_);
    return 0;
  }
  [[nodiscard]] bool shares_still() const {
    std::vector<const void*>& again = call::me().shared_again;
    const auto one = std::ranges::find(again, memory_);
    if (one == again.end()) return false;
    again.erase(one);
    return true;
  }

  pthread_rwlock_t* memory_;
  place where_;
};

int lock_until(const call& c, pthread_rwlock_t* p, const timespec& deadline) {
  call::acts();
  const rwlock l(p, c.where());
  return until(deadline, c.where(), [&l] { return l.lock(waiting::sleeps_for_a_time); });
}
int share_until(const call& c, pthread_rwlock_t* p, const timespec& deadline) {
  call::acts();
  const rwlock l(p, c.where());
  return until(deadline, c.where(), [&l] { return l.share(waiting::sleeps_for_a_time); });
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_rwlock_init(pthread_rwlock_t* p, const pthread_rwlockattr_t* a) {
  ENTER(pthread_rwlock_init, p, a)
  rwlock::begin(p, c.where());
  return behind<decltype(pthread_rwlock_init)>("pthread_rwlock_init")(p, a);
}
int runnel_do_pthread_rwlock_destroy(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_destroy, p)
  rwlock(p, c.where()).end();
  return 0;
}
int runnel_do_pthread_rwlock_rdlock(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_rdlock, p)
  return rwlock(p, c.where()).share(waiting::sleeps);
}
int runnel_do_pthread_rwlock_tryrdlock(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_tryrdlock, p)
  return rwlock(p, c.where()).try_share();
}
int runnel_do_pthread_rwlock_timedrdlock(pthread_rwlock_t* p, const timespec* deadline) {
  const call c;
  PASS(pthread_rwlock_timedrdlock, p, deadline)
  return share_until(c, p, *deadline);
}
int runnel_do_pthread_rwlock_clockrdlock(pthread_rwlock_t* p, clockid_t clock,
                                         const timespec* deadline) {
  const call c;
  PASS(pthread_rwlock_clockrdlock, p, clock, deadline)
  return share_until(c, p, *deadline);
}
int runnel_do_pthread_rwlock_wrlock(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_wrlock, p)
  return rwlock(p, c.where()).lock(waiting::sleeps);
}
int runnel_do_pthread_rwlock_trywrlock(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_trywrlock, p)
  return rwlock(p, c.where()).try_lock();
}
int runnel_do_pthread_rwlock_timedwrlock(pthread_rwlock_t* p, const timespec* deadline) {
  const call c;
  PASS(pthread_rwlock_timedwrlock, p, deadline)
  return lock_until(c, p, *deadline);
}
int runnel_do_pthread_rwlock_clockwrlock(pthread_rwlock_t* p, clockid_t clock,
                                         const timespec* deadline) {
  const call c;
  PASS(pthread_rwlock_clockwrlock, p, clock, deadline)
  return lock_until(c, p, *deadline);
}
int runnel_do_pthread_rwlock_unlock(pthread_rwlock_t* p) {
  ENTER(pthread_rwlock_unlock, p)
  return rwlock(p, c.where()).unlock();
}
}
// NOLINTEND
