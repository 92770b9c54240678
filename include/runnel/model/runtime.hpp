// SPDX-License-Identifier: MIT
//
// What code under the model checker calls for each of its operations. The types that programs use
// (std-like atomics, or a platform for the seam of the library) are templates over these functions;
// the functions are in the compiled part of the explorer.
//
// They may be called only while a program runs under the explorer.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>

namespace runnel::model {

/// Where in the code an operation stands: the name of its order site, or a file with a line.
struct place {
  const char* name = "";
  unsigned line = 0;
};

inline place place_of(const std::source_location& l) noexcept { return {l.file_name(), l.line()}; }

/// Which values an await accepts: refers to a predicate that lives until the await ends.
class acceptance {
 public:
  acceptance() = default;
  template <class F>
  explicit acceptance(const F& f)
      : object_(&f), call_([](const void* o, std::uint64_t v) {
          return static_cast<bool>((*static_cast<const F*>(o))(v));
        }) {}
  bool operator()(std::uint64_t value) const { return call_ == nullptr || call_(object_, value); }

 private:
  const void* object_ = nullptr;
  bool (*call_)(const void*, std::uint64_t) = nullptr;
};

enum class object_kind : std::uint8_t { atomic, cell, trivial_cell };

/// What an atomic or a cell is to the explorer. It refers to a record outside of the memory of the
/// program, so that an object which is overwritten, or used before or after its life, is recognised.
class object {
 public:
  /// `extent`: in bytes, from here on, what belongs to it and is changed in accesses alone.
  explicit object(object_kind kind, std::uint64_t value = 0, std::size_t extent = sizeof(object));
  ~object();
  object(const object&) = delete;
  object& operator=(const object&) = delete;

  /// What histories and messages call it: a literal, or text that lives as long as the search.
  void set_name(const char* name) const;

 private:
  friend class execution;
  std::uint32_t id_;
};

enum class cell_access : std::uint8_t { read, write, construct, destroy };

/// How an await is meant to wait.
enum class waiting : std::uint8_t {
  spins,
  sleeps,
  sleeps_for_a_time,  ///< that it waits for ever is no failure: another execution has its timeout
  is_assumed,         ///< the same: in the executions of interest it comes to an end. As `assume`
};

enum class wait_outcome : std::uint8_t { woken, timed_out, changed };

/// What a read-modify-write has read, and whether it has written.
struct rmw_outcome {
  std::uint64_t value;
  bool wrote;
};

// Atomics.
std::uint64_t load(const object& atomic, std::memory_order order, place where);
void store(const object& atomic, std::uint64_t value, std::memory_order order, place where);
rmw_outcome modify(const object& atomic, const operation& op, place where);
/// The same; if `faults::weak_failures` allows, in some executions it fails without a reason.
rmw_outcome modify_weakly(const object& atomic, const operation& op, place where);
void fence(std::memory_order order, place where);
/// Waits until the atomic has a value that is accepted; returns it. Does not spin.
std::uint64_t await(const object& atomic, std::memory_order order, const acceptance& accepts,
                    place where, waiting how = waiting::spins);
/// The same for a read-modify-write: it must not write if the value is not accepted.
std::uint64_t await_modify(const object& atomic, const operation& op, const acceptance& accepts,
                           place where, waiting how = waiting::spins);

// A futex. The word is an atomic; for `wake` only its address counts.
wait_outcome wait(const object& word, const void* address, std::uint64_t expected, bool timed);
void wake(const void* address, bool all);
/// Whether a wait of another kind ends here without a reason: as often as `faults::spurious_wakes` allows.
bool wakes_spuriously();

/// Starts a thread that calls `entry`, and returns its number, which is the same in all executions. What has happened
/// before happens before all that it does. Fails if there are more than most_threads_started threads.
unsigned start_thread(void (*entry)(void*), void* argument, place where);
/// Waits until the thread has ended. All that it does happens before what comes then.
void join_thread(unsigned thread, place where);

/// 0 to n - 1, each in some executions; n is at most 255.
unsigned choose(unsigned n);

/// Unless the condition holds, the calling thread goes no further, and the execution counts as blocked:
/// that somebody waits for the thread is no failure then.
void assume(bool condition);

/// How many events of the calling thread are behind it.
std::size_t mark();
/// Whether the calling thread has written to an atomic since that mark.
bool has_written_since(std::size_t mark);
/// The calling thread is about to do again what it has done since that mark, and has written nothing
/// meanwhile, so an execution in which it has not done it comes to the same: it goes no further. `last` is what
/// it would read next. If it would do so for ever, whatever the others do, that is a livelock.
void repeats(const object& last, std::size_t since, place where);

/// The newest of the values of the atomic whose writes happen before now. To look is no event.
std::uint64_t newest_known(const object& atomic);

// Plain data: the span from the begin of an access to its end is checked for races.
void begin_access(const object& cell, cell_access access, place where = {});
void end_access(const object& cell, cell_access access);

/// Null if there is no more.
void* allocate(std::size_t bytes, std::size_t alignment);
/// Gives back what `allocate` returned, with the same size and alignment.
void deallocate(void* p, std::size_t bytes, std::size_t alignment);

// The global new and delete belong to the execution while the program runs, so that dropping it
// leaks nothing. The library has replacements that ask these; a program may have its own.

/// Whether the caller is code of a program that is explored.
bool running() noexcept;
/// Which new or delete is meant.
enum class heap_form : std::uint8_t { untold, object, array };
/// Memory of the execution. Null if there is no more.
void* heap_allocate(std::size_t bytes, std::size_t alignment, heap_form form = heap_form::untold);
/// What a delete says of the memory, as far as it says it: it has to be right.
struct heap_claim {
  heap_form form = heap_form::untold;
  std::optional<std::size_t> bytes{};
  std::optional<std::size_t> alignment{};
};
/// Whether a program runs, whose memory it was, and it has been freed.
bool heap_free(void* p, const heap_claim& claim = {});

/// The calling thread (0 before and after the others) and, for each thread, how much of what it does
/// happens before now.
struct moment {
  unsigned thread;
  std::array<std::int16_t, 24> seen;
};
moment now();
/// The same thread alone.
unsigned this_thread();

/// Ends the execution as failed: the standard does not allow the operation this order.
[[noreturn]] void refuse_order(const char* operation, std::memory_order order, place where);
/// Ends the execution as failed. `kind` is a word or two, the message a sentence.
[[noreturn]] void fail(std::string_view kind, std::string_view message);
/// Whether this run repeats a failed one to show what happens.
bool recording();
/// A step of the program's own: a line of the history, and an event of the picture.
void note(std::string_view text);
/// A line of the history alone.
void remark(std::string_view text);

}  // namespace runnel::model
