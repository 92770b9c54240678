// SPDX-License-Identifier: MIT
//
// What a check is, whichever engine runs it. `runnel check` knows checks by this interface only.
//
// A check runs a *test* on an *engine*. A test is a template over the platform that says what
// happens before, in a fixed number of threads, and after:
//
//     template <class P>
//     struct hand_off {
//       static constexpr unsigned threads = 2;
//       struct config {};                       // what the runs of one check have in common
//       explicit hand_off(const config&);
//       void before();                          // one thread
//       void thread(unsigned index);            // all threads at once
//       void after();                           // one thread again
//     };
//
// A test object is made for every execution. Besides the seam of the library, a model platform P
// offers
//
//     P::fail(kind, message)   ends the execution as failed; does not return and does not throw
//     P::moment()              the calling thread and its vector clock, see below
//     P::recording()           whether this run is a replay whose history is printed
//     P::note(text)            a line in that history, and a step in its picture
//     P::remark(text)          a line in that history alone
//
// On real threads (thread_platform.hpp) a test runs again and again. There a platform also offers
//
//     P::enters(call), P::leaves()   what the calling thread is in: a hang is reported with it
//     P::a_while()                   a duration that a timed operation may well wait out
#pragma once

#include "reduction.hpp"

#include <runnel/model/picture.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace runnel::check {

inline constexpr unsigned max_threads = 6;

/// A point in an execution: a thread (or `outside`: before or after the threads) and how far each
/// thread has come, as far as this point is ordered after it by happens-before.
struct moment {
  static constexpr unsigned outside = max_threads;
  unsigned thread = outside;
  std::array<std::uint64_t, max_threads + 1> clock{};

  /// Whether everything that thread `other.thread` did up to `other` happens-before this point.
  [[nodiscard]] bool after(const moment& other) const {
    return clock[other.thread] >= other.clock[other.thread];
  }
};

/// The calling thread begins a call, and ends it.
template <class P>
void enters([[maybe_unused]] const char* call) {
  if constexpr (requires { P::enters(call); }) P::enters(call);
}
template <class P>
void leaves() {
  if constexpr (requires { P::leaves(); }) P::leaves();
}

/// A line of the history that is no step of the program.
template <class P>
void remark(std::string_view text) {
  if constexpr (requires { P::remark(text); })
    P::remark(text);
  else
    P::note(text);
}

/// For timed operations; in a model any duration is as good as another.
template <class P>
std::chrono::nanoseconds a_while() {
  if constexpr (requires { P::a_while(); })
    return P::a_while();
  else
    return std::chrono::seconds(1);
}

/// How the executions of a test are searched.
enum class search_kind {
  full,     ///< all executions that the engine tells apart, but for those of `reductions`
  bounded,  ///< all schedules with at most `bound` involuntary context switches
  random,   ///< `executions` schedules from a seed; on real threads, delays from it
};

struct search {
  search_kind kind = search_kind::full;
  unsigned bound = 0;
  std::uint64_t executions = 0;
  std::uint64_t seed = 1;
  /// On the explorer: in each thread so many weak compare-exchanges may fail, and so many waits end,
  /// without a reason.
  unsigned faults = 0;
  /// On the explorer: so many allocations may find no memory, in each thread and before them.
  unsigned failed_allocations = 0;
  /// On the explorer: which executions it leaves out, see reduction.hpp.
  check::reductions reductions = {};

  static search full(unsigned faults = 0, unsigned failed_allocations = 0) {
    return {search_kind::full, 0, 0, 1, faults, failed_allocations, {}};
  }
  static search reduced(check::reductions by) { return {search_kind::full, 0, 0, 1, 0, 0, by}; }
  static search bounded(unsigned bound) { return {search_kind::bounded, bound, 0, 1, 0, 0, {}}; }
  static search random(std::uint64_t executions, std::uint64_t seed = 1) {
    return {search_kind::random, 0, executions, seed, 0, 0, {}};
  }
};

enum class verdict {
  passed,      ///< the search ended and no execution failed
  failed,      ///< an execution failed
  incomplete,  ///< a limit was hit before the search ended: neither of the two
};

/// How an execution failed; these names are stable, tests of broken channels compare them.
namespace kind {
inline constexpr std::string_view data_race = "data race";
inline constexpr std::string_view uninitialised = "uninitialised access";
inline constexpr std::string_view use_after_free = "use after free";
inline constexpr std::string_view bad_free = "bad free";
inline constexpr std::string_view leak = "leak";
inline constexpr std::string_view deadlock = "deadlock";
inline constexpr std::string_view lost_wake_up = "lost wake-up";
inline constexpr std::string_view livelock = "livelock";
inline constexpr std::string_view duplicate = "duplicated value";
inline constexpr std::string_view lost = "lost value";
inline constexpr std::string_view order = "no order explains the results";
inline constexpr std::string_view assertion = "assertion";
inline constexpr std::string_view no_execution = "no execution";  ///< all were assumed away
inline constexpr std::string_view memory = "memory";              ///< the search took too much
inline constexpr std::string_view drift =
    "drift";  ///< of the number of executions, from the record
}  // namespace kind

/// Two order sites, of which one releases what the other acquires. Where a scenario has a simpler part
/// in place of a shipped one, both names are that of the part, which has no dot.
struct site_pair {
  std::string release;
  std::string acquire;
  friend auto operator<=>(const site_pair&, const site_pair&) = default;
};

/// A pair that synchronizes between threads, in how many executions that came to their end; and in how
/// many of these through a read-modify-write in between, that continues the release sequence.
struct observation {
  site_pair pair;
  std::uint64_t executions = 0;
  std::uint64_t continued = 0;
};

struct result {
  check::verdict verdict = verdict::passed;
  std::string failure;             ///< one of `kind`, if failed
  std::string message;             ///< what exactly, in a sentence
  std::string history;             ///< the failing execution, readable, in lines
  model::picture picture;          ///< the same as data, of the explorer
  std::string weakened;            ///< the site whose order is not its own, if there is one
  std::uint64_t failures = 0;      ///< executions that failed, with `options::smallest`
  bool is_smallest = false;        ///< of all that fail, the picture has the smallest
  std::string replay;              ///< what --replay takes to run this execution alone
  std::uint64_t executions = 0;    ///< explored
  std::string details;             ///< what else the engine counted, in a line
  std::vector<std::string> sites;  ///< order sites it came to, if it knows (not with many jobs)
  std::vector<observation> observations;  ///< if asked for: pairs that synchronize, by name
};

struct options {
  /// If not empty: run only this execution, with its history.
  std::string replay;
  /// Called now and then with the number of executions so far, and the part done (0 to 1; negative
  /// if unknown).
  std::function<void(std::uint64_t, double)> progress;
  /// On the explorer: not 0 to search so many executions more for the smallest that fails.
  std::uint64_t smallest = 0;
  /// Processors that the check may use by itself.
  unsigned jobs = 1;
  /// Stop as `incomplete` after so many executions; 0: no limit.
  std::uint64_t limit = 0;
  /// On the explorer: stop as `incomplete` after so many seconds, where an execution that goes on
  /// without an end has failed; 0: no limit.
  double seconds = 0;
  /// Record which sites synchronize, if the engine can tell.
  bool observes = false;
  /// On real threads: an execution that gets no further for so long is taken for one that hangs.
  std::chrono::milliseconds patience{10'000};
};

/// What judges an execution: an order of the executable specification has to explain all results, or
/// what the test itself asserts has to hold.
namespace judge {
inline constexpr std::string_view oracle = "oracle";
inline constexpr std::string_view assertions = "assertions";
inline constexpr std::string_view both = "oracle, assertions";
}  // namespace judge

/// A check as `runnel check` lists it.
struct scenario {
  std::string name;    ///< a sentence
  std::string file;    ///< where it stands, relative to the top of the repository
  std::string engine;  ///< "explorer", "relacy", "threads", or "spin" for the formal spec
  check::search search;
  std::string expected_failure;  ///< a broken channel: the kind of failure that has to be found
  std::function<result(const check::search&, const options&)> run;
  /// Of `judge`: what is asked beside the engine itself, which finds races, leaks and deadlocks.
  std::string judged_by = {};
  /// Ends when `options.seconds` are over.
  bool keeps_time = false;
  /// Takes minutes: runs only if asked for.
  bool is_long = false;
  /// For which kinds of channel the code under test is compiled: mpsc, mpmc, or for both the same.
  std::vector<std::string> kinds_of_channel = {"mpsc", "mpmc"};
};

/// All scenarios that are linked into the program, in the order of their names.
inline std::vector<scenario>& registry() {
  static std::vector<scenario> all;
  return all;
}

/// Registers scenarios when a translation unit is loaded.
struct registration {
  explicit registration(std::vector<scenario> (*make)()) {
    for (scenario& s : make()) registry().push_back(std::move(s));
  }
};

/// A site whose order is weakened for the current check; model platforms ask `order_of`.
struct weakening {
  std::string site;  ///< empty: none
  std::memory_order order = std::memory_order::seq_cst;
  std::memory_order failure = std::memory_order::seq_cst;
};

inline weakening& current_weakening() {
  static weakening w;
  return w;
}

/// A pair of sites of which the explorer orders nothing for the current check; empty: none.
inline site_pair& current_severed_pair() {
  static site_pair p;
  return p;
}

/// Whether the current check runs with the orders that ship, and all that they order.
inline bool orders_as_they_ship() {
  return current_weakening().site.empty() && current_severed_pair() == site_pair{};
}

/// The order in which a model platform runs an operation at a site: its own, or a weakened one.
template <class Site>
std::memory_order order_of(const Site& site) {
  const weakening& w = current_weakening();
  return !w.site.empty() && w.site == Site::name() ? w.order : site.order;
}
template <class Site>
std::memory_order failure_order_of(const Site& site) {
  const weakening& w = current_weakening();
  return !w.site.empty() && w.site == Site::name() ? w.failure : site.failure;
}

/// A site whose operand is changed for the current check: a wrong value is written there.
struct mutation {
  std::string site;  ///< empty: none
  std::uint64_t (*operand)(std::uint64_t) = nullptr;
};

inline mutation& current_mutation() {
  static mutation m;
  return m;
}

/// The integer that a model platform stores, exchanges, adds or subtracts at a site.
template <class Site, class T>
T operand_of(const Site&, T value) {
  if constexpr (std::is_integral_v<T>) {
    const mutation& m = current_mutation();
    if (!m.site.empty() && m.site == Site::name())
      return static_cast<T>(m.operand(static_cast<std::uint64_t>(value)));
  }
  return value;
}

}  // namespace runnel::check
