// SPDX-License-Identifier: MIT
//
// One execution of a test on fibers: its threads, their schedule, what happens before what, its
// objects, its memory and its history. fiber_platform.hpp is the seam on top of it.
//
// Everything runs on one OS thread, so operations take effect in the order in which they are
// scheduled: see fiber_platform.hpp for what that can and cannot find. Happens-before is computed
// beside it, from the memory orders alone, with vector clocks:
//
//   release store, RMW      the atomic's message clock takes (RMW: joins) the thread's clock
//   relaxed store, RMW      the same with the thread's clock at its last release fence
//   acquire load, RMW       the thread's clock joins the message clock
//   relaxed load, RMW       the thread's next acquire fence joins it
//
// so a release sequence goes on through RMWs and ends at a store (C++20). A thread counts its own
// events; what it does before or after the other threads is ordered with all they do.
//
// An execution can be dropped at any point: no destructor runs, the stacks are used again and the
// memory of the execution is given back at once. Therefore the global new and delete belong to the
// execution while code of the test runs (global_heap.cpp). What outlives the execution must not be
// made by the test with new, such as a locale's caches.
#pragma once

#include "check.hpp"
#include "fiber_memory.hpp"

#include <runnel/core/std_platform.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::check {

using fiber_clock = std::array<std::uint64_t, max_threads>;

/// What an execution runs: a test without its type.
class fiber_program {
 public:
  fiber_program() = default;
  fiber_program(const fiber_program&) = delete;
  fiber_program& operator=(const fiber_program&) = delete;
  virtual ~fiber_program() = default;

  [[nodiscard]] virtual unsigned threads() const = 0;
  virtual void before() = 0;
  virtual void thread(unsigned index) = 0;
  virtual void after() = 0;
};

struct fiber_outcome {
  std::string failure;  ///< one of `kind`; empty: passed
  std::string message;
  std::string history;
};

/// SplitMix64 (S. Vigna): the same numbers on every machine.
class fiber_random {
 public:
  explicit fiber_random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += golden;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  /// 0 to n - 1.
  unsigned below(unsigned n) { return static_cast<unsigned>(((next() >> 32) * n) >> 32); }
  bool one_in(unsigned n) { return below(n) == 0; }

  /// The n-th seed of a search that starts from `seed`.
  static std::uint64_t seed_of(std::uint64_t seed, std::uint64_t n) {
    return fiber_random(seed + n * golden).next();
  }

 private:
  static constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
  std::uint64_t state_;
};

class fiber_run;

/// What an atomic or a cell of the platform is to the execution. It refers to a record outside of
/// the test's memory, so that stale and overwritten objects are recognised.
class fiber_object {
 public:
  enum class type : std::uint8_t { atomic, cell, trivial_cell };

  explicit fiber_object(type t);
  ~fiber_object();
  fiber_object(const fiber_object&) = delete;
  fiber_object& operator=(const fiber_object&) = delete;

 private:
  friend fiber_run;
  std::uint32_t id_;
};

enum class cell_access : std::uint8_t { read, write, construct, destroy };

class fiber_run {
 public:
  fiber_run();
  ~fiber_run();
  fiber_run(const fiber_run&) = delete;
  fiber_run& operator=(const fiber_run&) = delete;

  /// Runs the program once, on the schedule of the seed.
  fiber_outcome execute(fiber_program& program, std::uint64_t seed, bool recording);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

  /// The execution in which the caller is.
  static fiber_run& current();
  /// The same while code of the test runs, else null: whose memory the global new gives out.
  static fiber_run* active() noexcept;

  [[noreturn]] void fail(std::string_view kind, std::string_view message);
  check::moment moment();
  [[nodiscard]] bool recording() const { return recording_; }
  /// A line of the history. `details` makes a string; what it allocates is not the test's.
  template <class Details>
  void record(std::string_view what, std::string_view operation, Details details) {
    if (!recording_) return;
    const engine_scope scope;
    add_line(what, operation, details());
  }
  /// A pointer for people: the same in each run of the same schedule.
  [[nodiscard]] std::string place(const void* p) const;

  /// A scheduling point: other threads may run before the caller goes on with this operation.
  void step(std::string_view site);
  void step();
  fiber_random& random() { return random_; }

  void loaded(const fiber_object& atomic, std::memory_order order);
  void stored(const fiber_object& atomic, std::memory_order order);
  void modified(const fiber_object& atomic, std::memory_order order);
  void fenced(std::memory_order order);
  /// Parks the caller until the atomic is written.
  void await_write(const fiber_object& atomic);

  /// Parks the caller until a wake-up of the address; whether it came before a timeout.
  bool sleep(const fiber_object& word, const void* address, bool timed);
  void wake(const void* address, int n);

  void begin(const fiber_object& cell, cell_access access);
  void end(const fiber_object& cell, cell_access access);

  /// Memory of the seam. Null if there is no more.
  void* allocate(std::size_t bytes, std::size_t alignment);
  void deallocate(void* p, std::size_t bytes, std::size_t alignment);
  /// Memory of the global new.
  void* global_allocate(std::size_t bytes, std::size_t alignment);
  void global_free(void* p);
  [[nodiscard]] bool owns_global(const void* p) const { return global_memory_.contains(p); }

 private:
  /// While one exists, allocations are the engine's own.
  class engine_scope {
   public:
    engine_scope();
    ~engine_scope();
    engine_scope(const engine_scope&) = delete;
    engine_scope& operator=(const engine_scope&) = delete;

   private:
    fiber_run* const interrupted_;
  };

  friend fiber_object;
  static constexpr unsigned outside = moment::outside;
  static constexpr unsigned fibers = max_threads + 1;
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;
  /// Far beyond what tests need: whoever takes as many steps makes no progress.
  static constexpr std::uint64_t max_steps = 20'000;

  enum class state : std::uint8_t { unborn, ready, asleep, awaiting, joining, finished };

  /// The exceptions that are in flight or being handled, which the C++ runtime keeps per OS thread.
  struct exceptions {
    void* caught;
    unsigned int uncaught;
  };

  struct fiber {
    check::fiber_run::state state = state::unborn;
    void* context = nullptr;
    exceptions handled{};
    std::string_view site;           // of its last operation
    const void* address = nullptr;   // asleep: on what
    std::uint32_t object = nothing;  // asleep, awaiting: on what
    bool timed = false;              // asleep: may time out
    bool woken = false;              // after a sleep
    std::uint64_t priority = 0;
    fiber_clock clock{};
    fiber_clock released{};  // the clock at the last release fence
    fiber_clock pending{};   // what an acquire fence will join
  };

  struct event {
    unsigned thread = outside;
    std::uint64_t time = 0;
    std::string_view site;
  };

  struct object {
    const fiber_object* address;
    fiber_object::type type;
    bool alive;
    bool holds_value;      // a cell
    std::uint8_t readers;  // accesses in progress to a cell
    bool writing;
    event written;          // a cell: its last write; an atomic: its construction
    fiber_clock used;       // each thread's last read of a cell, last use of an atomic
    fiber_clock message;    // an atomic: what an acquire load of it joins
    std::string_view site;  // of the last operation on an atomic
  };

  struct stacks {
    stacks();
    ~stacks();
    stacks(const stacks&) = delete;
    stacks& operator=(const stacks&) = delete;
    static constexpr std::size_t size = 256 * 1024;
    [[nodiscard]] std::byte* top(unsigned fiber) const { return base + (fiber + 1) * size; }
    std::byte* base;
  };

  void add_line(std::string_view what, std::string_view operation, std::string_view details);

  // Fibers.
  void reset(fiber_program& program, std::uint64_t seed, bool recording);
  void start(unsigned thread);
  void body(unsigned thread);
  void run_outside();
  void finish_thread();
  void switch_to(unsigned next);
  void arrived(void* from_context, void* from);
  [[noreturn]] void drop();
  fiber& self() { return fibers_[running_]; }
  [[nodiscard]] std::string name(unsigned thread) const;

  // The schedule.
  unsigned pick();
  void park(state s);
  [[noreturn]] void stuck();
  [[nodiscard]] std::string why_blocked(unsigned thread) const;

  // Happens-before.
  [[nodiscard]] event now();
  [[nodiscard]] bool ordered(const event& e) const;
  [[nodiscard]] unsigned unordered_use(const object& o) const;
  object& use(const fiber_object& atomic);
  void wake_awaiting(std::uint32_t id);
  [[noreturn]] void race(std::string_view what, const event& earlier, std::string_view doing);

  // Objects and memory.
  std::uint32_t born(const fiber_object* o, fiber_object::type type);
  void died(const fiber_object* o);
  void end_of_life(std::uint32_t id);
  object& checked(const fiber_object* o);
  [[noreturn]] void bad_object(const fiber_object* o);
  void check_cell(const object& o, std::uint32_t id, cell_access access);
  void free_block(fiber_memory& memory, fiber_memory::block& b);
  void check_leaks();
  void check_leaks(const fiber_memory& memory);
  [[nodiscard]] std::string name_of(std::uint32_t id) const;

  stacks stacks_;
  fiber_memory memory_;         // of the seam
  fiber_memory global_memory_;  // apart, so that a recording leaves memory_ as it is
  fiber_program* program_ = nullptr;
  fiber_random random_{0};
  bool recording_ = false;
  fiber_outcome outcome_;
  std::array<fiber, fibers> fibers_;
  unsigned running_ = outside;
  unsigned unfinished_ = 0;
  bool after_ = false;
  unsigned demote_one_in_ = 0;  // 0: the schedule is uniformly random
  std::uint64_t lowest_priority_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t moments_outside_ = 0;
  std::vector<object> objects_;
  void* engine_context_ = nullptr;
  exceptions engine_handled_{};
};

}  // namespace runnel::check
