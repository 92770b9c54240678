// SPDX-License-Identifier: MIT
//
// An execution as data, for pictures: what each thread does, which write each read takes its value
// from, and the modification order of each location. Happens-before and the rest follow.
#pragma once

#include <runnel/core/language.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace runnel::model {

/// What an event is.
enum class step : std::uint8_t {
  load,    ///< also a compare-exchange that has failed
  store,   ///< a write that does not read
  update,  ///< a read-modify-write that has written
  fence,   ///< of a thread, or of the futex
  choice,  ///< of `choose`, and of what may go wrong
  start,   ///< of another thread
  join,    ///< with the end of another thread
  // Of plain data.
  construct,  ///< it gets its first value
  read,       ///< an access that reads
  write,      ///< an access that changes
  destroy,    ///< its value ends
  // Of an object, and only if it is at fault: how it begins and ends, or that it is used outside of that.
  begin,    ///< of the object
  end,      ///< of the object
  use,      ///< before its begin or after its end
  note,     ///< of the program: what `note` was given
  failure,  ///< where the program fails, if none of its events is at fault
};

/// An event of an execution.
struct picture_event {
  /// As a source: the initial value.
  static constexpr std::size_t initial = (std::numeric_limits<std::size_t>::max)();

  step kind = step::note;                                ///< what it is
  unsigned thread = 0;                                   ///< in picture::threads
  std::memory_order order = std::memory_order::relaxed;  ///< of an atomic operation or fence
  std::string place;                                     ///< the order site, or file:line
  std::string object;            ///< "atomic 3", "cell 2", as in the history
  std::string read;              ///< the value that it has read
  std::string written;           ///< the value that it has written; of a choice, what it has chosen
  std::string text;              ///< of a note, a failure
  std::size_t source = initial;  ///< of what reads: the event that has written the value
  std::size_t position = 0;      ///< of what writes: the place in the modification order, from 1
  unsigned target = 0;           ///< of a start, a join: the other thread
  bool compares = false;         ///< a compare-exchange
  bool awaits = false;           ///< it waits for a value
  bool silent = false;    ///< a fence of the futex: it orders as seq_cst, but does not synchronize
  bool at_fault = false;  ///< of those that the failure is about
  friend bool operator==(const picture_event&, const picture_event&) = default;
};

/// An execution as data: its threads, its events, and which write each read takes its value from.
struct picture {
  /// First "before", what comes before the threads, or "main", which goes on beside those that it starts; last
  /// "after", what comes after them.
  std::vector<std::string> threads;
  /// In an order that extends program order and reads-from.
  std::vector<picture_event> events;
  /// Of places that are lines, "queue.hpp:12": the file, as the compiler was told.
  std::map<std::string, std::string> files = {};
  friend bool operator==(const picture&, const picture&) = default;
};

/// Two events by their place in picture::events.
using picture_edge = std::pair<std::size_t, std::size_t>;

/// Of two different threads of the picture: whether all that the one does comes before all that the other does, since
/// that is what comes before the threads, or after them. A thread that is started by an event comes after that event
/// alone; one that is joined, before its join.
class whole_threads {
 public:
  explicit whole_threads(const picture& p);
  /// Whether all of `from` comes before all of `to`.
  [[nodiscard]] bool ordered(unsigned from, unsigned to) const {
    return from != to &&
           ((from == 0 && !is_started_[to]) || (to + 1 == is_joined_.size() && !is_joined_[from]));
  }

 private:
  std::vector<bool> is_started_;
  std::vector<bool> is_joined_;
};

/// Which events synchronize with which, directly, through release sequences and through fences, and by the start
/// and the end of threads; those between two threads that are not ordered as a whole.
std::vector<picture_edge> synchronizes_with(const picture& p);

/// Whether the event reads an atomic.
inline bool reads(const picture_event& e) { return e.kind == step::load || e.kind == step::update; }
/// Whether the event writes an atomic.
inline bool writes(const picture_event& e) {
  return e.kind == step::store || e.kind == step::update;
}

}  // namespace runnel::model
