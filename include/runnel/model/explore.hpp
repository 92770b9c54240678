// SPDX-License-Identifier: MIT
//
// The explorer: visits every execution of a program that the C++ memory model allows, once.
//
//   Memory model. RC11 (O. Lahav et al., "Repairing Sequential Consistency in C/C++11", PLDI 2017)
//   with the release sequences of C++20. Load buffering, a read from a write that depends on it, is
//   excluded, as RC11 does.
//
//   Algorithm. TruSt (M. Kokologiannakis et al., "Truly Stateless, Optimal Dynamic Partial Order
//   Reduction", POPL 2022).
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/picture.hpp>
#include <runnel/model/runtime.hpp>

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace runnel::model {

/// A check has at most so many threads.
inline constexpr unsigned most_threads = 16;
/// With those that they start, in all executions together.
inline constexpr unsigned most_threads_started = 23;

/// What is explored. The functions are called for each execution anew and must do the same if they
/// read the same: no time, no addresses, nothing that is left from an earlier execution.
class program {
 public:
  program() = default;
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  virtual ~program() = default;

  [[nodiscard]] virtual unsigned threads() const = 0;  ///< how many, at most most_threads
  virtual void before() = 0;                           ///< before the threads
  virtual void thread(unsigned index) = 0;             ///< each in a thread of its own
  virtual void after() = 0;                            ///< when all threads have ended

  /// Whether it is no failure that no two threads use one object of the model.
  [[nodiscard]] virtual bool may_share_nothing() const { return false; }
  /// What the threads share, if it is one object: so that messages can say that something is in it.
  [[nodiscard]] virtual const void* state() const { return nullptr; }
  /// What histories and pictures call that which is no thread of the program's, until all of these have ended.
  [[nodiscard]] virtual std::string name_of_before() const { return "before"; }
  /// What is to be done where no two threads use one object of the model.
  [[nodiscard]] virtual std::string how_to_share() const;
  /// Whether memory that is left over is a failure.
  [[nodiscard]] virtual bool looks_for_leaks() const { return true; }
  /// What a search leaves out on purpose, as the verdict is to say it: executions "in which ..."; empty if nothing.
  [[nodiscard]] virtual std::string left_out() const { return {}; }
  /// Arguments of its own, behind all others, with which it does the same again; for people to copy.
  [[nodiscard]] virtual std::string arguments() const { return {}; }
  struct caller {
    place where;
    std::string function;
  };
  /// The calls in which the thread is, the innermost first, as far as the program knows them: for histories.
  [[nodiscard]] virtual std::vector<caller> callers(unsigned thread) const {
    (void)thread;
    return {};
  }
  /// All threads have ended, and nothing is left to do.
  virtual void all_have_ended() {}
  /// Another thread goes on, or none: what the system has for each is exchanged here. (`to` is too large then.)
  virtual void switches(unsigned from, unsigned to) {
    (void)from;
    (void)to;
  }
  /// Code of the program goes no further, by a signal say: what runs from now on is none of it.
  virtual void interrupted() noexcept {}
};

/// A check whose threads use no object of the model in common sees nothing of what they share, and fails;
/// unless its state says `static constexpr bool shares_nothing = true;`.
template <class State>
inline constexpr bool may_share_nothing = [] {
  if constexpr (requires { State::shares_nothing; }) return bool{State::shares_nothing};
  return false;
}();

/// How a search ended.
enum class end_of_search : std::uint8_t {
  exhausted,  ///< every execution was visited, none failed
  failed,     ///< an execution failed
  cut,        ///< a limit was hit before: neither of the two
};

/// What may go wrong besides, at most so often in each thread of an execution.
struct faults {
  unsigned weak_failures = 0;       ///< weak compare-exchanges that fail without a reason
  unsigned spurious_wakes = 0;      ///< waits that end without a reason
  unsigned failed_allocations = 0;  ///< allocations that find no memory
};

/// Two places in the program, named as in a history: an operation or fence that releases, and one that
/// acquires what it has released.
struct place_pair {
  std::string release;  ///< the one that releases
  std::string acquire;  ///< the one that acquires
  friend auto operator<=>(const place_pair&, const place_pair&) = default;
};

/// Two places that synchronize between threads (not with what is before or after all threads, which
/// is ordered anyway). The release side is a release operation, or a release fence before a relaxed
/// write; the acquire side an acquire operation, or an acquire fence after a relaxed read.
struct synchronization {
  place_pair places;             ///< which two
  std::uint64_t executions = 0;  ///< in so many complete ones they do, however often in each
  /// In so many of those also through a read-modify-write that continues the release sequence: the
  /// value that was read is not the one of the release side.
  std::uint64_t continued = 0;
};

/// What an order is given to. Of a compare-exchange that fails it is the second of its orders.
enum class ordered_operation : std::uint8_t { load, store, update, failed_compare, fence };

/// An order that an operation has in the code that was run.
struct order_use {
  std::string place;                                      ///< as in a history
  ordered_operation operation = ordered_operation::load;  ///< what the order is given to
  std::memory_order order = std::memory_order::relaxed;   ///< as it was given
  friend auto operator<=>(const order_use&, const order_use&) = default;
};

/// An operation that has another order than its own.
struct weakening {
  order_use use;                                      ///< which order, of which operation
  std::memory_order to = std::memory_order::relaxed;  ///< the order that it has instead
};

/// What is asked of seq_cst operations; all else is the same.
enum class memory_model : std::uint8_t {
  rc11,   ///< as RC11 has it: the model of the papers, and of most tools
  cxx20,  ///< as C++20 words it: some executions less, also such as processors have (LWG issue 3941)
};

/// How to explore.
struct explore_options {
  model::memory_model memory_model = model::memory_model::rc11;  ///< of the language
  model::faults faults{};                                        ///< what may go wrong besides
  std::uint64_t limit = 0;  ///< of executions, complete or blocked; 0: none
  /// A limit of time; 0: none. An execution that goes on without an end when it is over has failed.
  double seconds = 0;
  /// Worker processes that share the search. The totals, and the failure if there is one, do not
  /// depend on it.
  unsigned jobs = 1;
  /// If not empty: only the execution of this name, with its history.
  std::string replay{};
  /// Not 0: the search goes on after a failure, for so many executions at most, and reports the one with
  /// the fewest events of those that fail in the same way. It is not shared then. What comes after a
  /// failure in its own execution is not visited.
  std::uint64_t smallest = 0;
  /// Whether plain memory, which is no object of the model, is watched: that two threads change it at once
  /// is a failure, and no thread finds in it what another has done without happening before.
  bool watches_memory = true;
  /// Of operations of the program, but not of operators and of the mutexes of the model. Empty: as written.
  std::optional<weakening> weakened{};
  /// Whether to record which orders operations have. A search that is shared does not.
  bool observes_orders = false;
  /// Whether to record which places synchronize.
  bool observes = false;
  /// If not empty: of these two places nothing is ordered by their synchronizing with each other. What
  /// other places order stays, so that happens-before is that of RC11 without some edges; the total
  /// order of seq_cst operations still has each read after what it reads from.
  place_pair severed{};
  /// Called now and then with the executions so far and an estimate of the part done, 0 to 1;
  /// negative if there is none, as with several jobs.
  std::function<void(std::uint64_t, double)> progress{};
};

/// What came of a search.
struct explore_result {
  end_of_search end = end_of_search::exhausted;  ///< how it ended
  std::string failure;                           ///< a word or two
  std::string message;                           ///< a sentence
  std::string history;                           ///< the failing execution, in lines
  model::picture picture;                        ///< the same as data
  std::string replay;  ///< its name, which says what each of its events does

  std::uint64_t failures =
      0;  ///< executions that failed in the same way; more than 1 with `smallest`
  /// The failure is the smallest of all that the search comes to: no limit ended it.
  bool is_smallest = false;

  /// Two threads have used one object of the model, or there is only one.
  bool is_shared = false;
  std::uint64_t complete = 0;  ///< executions in which all threads ended
  /// In which a thread waits for what another execution has, or assumes what does not hold.
  std::uint64_t blocked = 0;
  std::uint64_t dropped = 0;   ///< that were left as inconsistent
  std::uint64_t revisits = 0;  ///< how often a write was given to a read that came before it
  std::uint64_t events = 0;    ///< of all graphs, each counted once
  double time = 0;             ///< seconds
  /// The most that the search has held, of all workers together: graphs, alternatives, the stacks and
  /// the memory of an execution. In bytes.
  std::uint64_t memory = 0;
  /// If asked for, sorted. Only what was observed until the search ended.
  std::vector<order_use> orders;
  /// If asked for, by name. Only what was observed until the search ended.
  std::vector<synchronization> synchronizations;
};

/// Throws std::invalid_argument for a replay that is not the name of an execution, and
/// std::runtime_error if a worker process is ended from outside. While it runs, the calling thread has the
/// explorer's handlers for the signals that end a process.
explore_result explore(program& p, const explore_options& options = {});

}  // namespace runnel::model
