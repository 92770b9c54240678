// SPDX-License-Identifier: MIT
//
// A check of a lock that serves threads in the order of their tickets. The variant RELEASE=relaxed
// unlocks too early, and has to fail.
#include <runnel/model/check.hpp>

#include <atomic>
#include <thread>

#ifndef RELEASE
#define RELEASE release
#endif

namespace {

/// `Memory` says what an atomic is, and how to wait for a value.
template <class Memory>
class ticket_lock {
 public:
  ticket_lock() { RUNNEL_MODEL_MEMBERS(next_, serving_); }

  void lock() {
    const unsigned mine = next_.fetch_add(1, std::memory_order::relaxed);
    Memory::await(serving_, [mine](unsigned ticket) { return ticket == mine; });
  }
  void unlock() {
    const unsigned mine = serving_.load(std::memory_order::relaxed);
    serving_.store(mine + 1, std::memory_order::RELEASE);
  }

 private:
  typename Memory::template atomic<unsigned> next_{0};
  typename Memory::template atomic<unsigned> serving_{0};
};

/// What the lock ships with.
struct real {
  template <class T>
  using atomic = std::atomic<T>;
  template <class T, class Predicate>
  static void await(const atomic<T>& a, Predicate accepts) {
    while (!accepts(a.load(std::memory_order::acquire))) std::this_thread::yield();
  }
};
template class ticket_lock<real>;

/// What it is checked with: a loop that waits would have no bound.
struct modelled {
  template <class T>
  using atomic = runnel::model::atomic<T>;
  template <class T, class Predicate>
  static void await(const atomic<T>& a, Predicate accepts) {
    (void)a.await(accepts, std::memory_order::acquire);
  }
};

struct shared {
  ticket_lock<modelled> lock;
  runnel::model::var<int> entered{0, "entered"};

  void after() const { runnel::model::require(entered == 3, "an entry is lost"); }
};

void enter(shared& s) {
  s.lock.lock();
  ++s.entered;
  s.lock.unlock();
}

}  // namespace

int main(int argc, char** argv) {
  return runnel::model::check<shared>("a ticket lock excludes", argc, argv, enter, enter, enter);
}
