// SPDX-License-Identifier: MIT
//
// Barriers. All that came to one before a round ends happens before all that goes on after it, and nothing else:
// where more threads use it than a round has, rounds are not ordered among each other.
#include "posix.hpp"
#include "sync.hpp"

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace runnel::model::native {

namespace {

using order = std::memory_order;

/// What is written to the memory of one.
struct initialized_barrier {
  static constexpr std::uint32_t made_here = 0x5B415252;
  std::uint32_t is_made;
  std::uint32_t expected;
};
static_assert(sizeof(initialized_barrier) <= sizeof(pthread_barrier_t));

class barrier {
 public:
  barrier(pthread_barrier_t* p, place where)
      : memory_(reinterpret_cast<initialized_barrier*>(p)), where_(where) {
    touch(p, where);
    if (memory_->is_made != initialized_barrier::made_here)
      misuse("assertion", "uses a barrier that is not initialized", where);
  }
  static void begin(pthread_barrier_t* p, std::uint32_t expected, place where) {
    claim(p, sizeof *p, where);
    *reinterpret_cast<initialized_barrier*>(p) = {initialized_barrier::made_here, expected};
    begin_anew(p);
  }
  /// Others may be about to leave the last round. If some still wait, that they have come does not happen before.
  void end() const {
    claim(memory_, sizeof(pthread_barrier_t), where_);
    memory_->is_made = 0;
    begin_anew(memory_);
  }
  /// Whether it is the last of its round.
  [[nodiscard]] bool wait() const {
    const operation takes_turn{.kind = operation_kind::add, .operand = 1};
    const std::uint64_t turn = modify(turns(), takes_turn, where_).value;
    const std::uint64_t expected = memory_->expected;
    const object& round = arrivals(turn / expected);
    const std::uint64_t mine = turn % expected;
    const operation arrives{.kind = operation_kind::compare,
                            .order = order::release,
                            .operand = mine + 1,
                            .expected = mine};
    const auto is_my_turn = [mine](std::uint64_t v) { return v == mine; };
    const auto is_over = [expected](std::uint64_t v) { return v == expected; };
    (void)await_modify(round, arrives, acceptance(is_my_turn), where_, waiting::sleeps);
    (void)await(round, order::acquire, acceptance(is_over), where_, waiting::sleeps);
    return mine + 1 == expected;
  }

 private:
  // Numbers: how many have come, which gives each its turn; and for each round how many have arrived, one after the
  // other by their turns, so that there is one execution for each order in which they come.
  [[nodiscard]] const object& turns() const {
    return call::program().objects.at(memory_, "turns of barrier", 0);
  }
  [[nodiscard]] const object& arrivals(std::uint64_t round) const {
    return call::program().objects.at(memory_, "barrier", 0, 1 + round);
  }
  static void begin_anew(const void* p) {
    call::program().objects.abandon(p, 1);
    call::program().objects.renew(p);
  }

  initialized_barrier* memory_;
  place where_;
};

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_barrier_init(pthread_barrier_t* p, const pthread_barrierattr_t* a,
                                   unsigned expected) {
  ENTER(pthread_barrier_init, p, a, expected)
  if (expected == 0) return EINVAL;
  native::barrier::begin(p, expected, c.where());
  return 0;
}
int runnel_do_pthread_barrier_destroy(pthread_barrier_t* p) {
  ENTER(pthread_barrier_destroy, p)
  native::barrier(p, c.where()).end();
  return 0;
}
int runnel_do_pthread_barrier_wait(pthread_barrier_t* p) {
  ENTER(pthread_barrier_wait, p)
  return native::barrier(p, c.where()).wait() ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
}
// NOLINTEND
