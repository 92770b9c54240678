// SPDX-License-Identifier: MIT
//
// Execution graphs: the events of each thread, which write each read takes its value from (rf), and
// for each location the order of its writes (mo).
//
// Events are kept in the order in which they were added (`order`); an event's stamp is its place
// there. A new event is maximal in porf, the closure of program order and rf, so everything that is
// known of an event from happens-before and porf is computed once, when it is added, and stays:
//
//   hb    the events that happen before it, and itself
//   porf  the events it depends on through program order and rf, and itself
//   message   of a write: what an acquire read of it synchronizes with (its release sequence, C++20)
//   pending   what the next acquire fence of the thread will synchronize with
//   released  hb of the last release fence of the thread
//
// Two places can be severed: then an event at the one that acquires leaves out what those at the other
// have released, and takes the rest of the release sequence write by write. The happens-before that is
// left is a subset of the full one, and so of porf, and still depends on nothing but the events that
// come before in porf: all that the search, the places in mo and psc_checker rely on. The total order of
// seq_cst events does not get weaker by more than that (psc.hpp).
#pragma once

#include "clock.hpp"
#include "thread_numbers.hpp"

#include <runnel/model/explore.hpp>
#include <runnel/model/runtime.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model {

/// To spawn and to join say which thread, as `location`; 0: all those of the check.
enum class event_kind : std::uint8_t { read, write, fence, choice, spawn, join };

struct event {
  event_kind kind = event_kind::fence;
  std::memory_order order = std::memory_order::relaxed;
  bool rmw = false;          ///< the read or the write of a read-modify-write that took effect
  bool await = false;        ///< a read that its thread waits with
  bool silent = false;       ///< a fence that orders as seq_cst, but does not synchronize
  std::uint8_t choice = 0;   ///< what a choice, or a read whose operation chooses, has chosen
  std::uint8_t choices = 1;  ///< among how many, of a choice
  bool sought = false;       ///< a write for which a read that was added before was revisited
  std::int16_t earlier = 0;  ///< of a read: the clock at the last one of its thread and location
  std::uint32_t location = 0;
  std::uint32_t stamp = 0;
  std::uint32_t position = 0;  ///< of a write: in mo, the first is 1 and the initial value is 0
  event_id rf = init_event;
  std::uint64_t value = 0;
  operation op;  ///< of a read: what it may write
  model::place place;
};

struct event_clocks {
  clock hb;
  clock porf;
  clock message;
  clock pending;
  clock released;
};

struct location {
  std::uint64_t init = 0;
  std::vector<event_id> mo;     ///< all writes, in modification order
  std::vector<event_id> reads;  ///< in the order of their stamps
  clock read;                   ///< counts the reads, and all before them
  std::uint32_t kept_for = 0;   ///< the depth of the revisit that knows what `init` was before
};

/// What a revisit takes out of a graph and changes in it: what is needed to undo it.
struct revisited {
  struct part {
    event_id id;
    model::event event;
    event_clocks clocks;
  };
  struct initial_value {
    std::uint32_t location;
    std::uint64_t value;
    std::uint32_t kept_for;
  };
  part write;
  part read;
  std::size_t stamp;  ///< of the write, while it is revisited for
  // Where they begin in the lists that all revisits share.
  std::size_t parts;
  std::size_t inits;
};

/// The write of a read-modify-write that writes.
inline event write_of(const event& read) {
  event w;
  w.kind = event_kind::write;
  w.order = read.order;
  w.rmw = true;
  w.location = read.location;
  w.value = result_of(read.op, read.value, read.choice);
  w.place = read.place;
  return w;
}

inline bool acquires(std::memory_order o) {
  return o != std::memory_order::relaxed && o != std::memory_order::release;
}
inline bool releases(std::memory_order o) {
  return o == std::memory_order::release || o == std::memory_order::acq_rel ||
         o == std::memory_order::seq_cst;
}

/// Whether the event is one that a later acquire can synchronize with through a write of its thread.
inline bool is_release_fence(const event& e) {
  return e.kind == event_kind::fence && !e.silent && releases(e.order);
}
inline bool is_access(const event& e) {
  return e.kind == event_kind::read || e.kind == event_kind::write;
}
inline bool is_seq_cst_fence(const event& e) {
  return e.kind == event_kind::fence && e.order == std::memory_order::seq_cst;
}
inline bool is_acquire_fence(const event& e) {
  return e.kind == event_kind::fence && !e.silent && acquires(e.order);
}

/// The memory of a vector, which does not shrink.
template <class T>
std::size_t memory_of(const std::vector<T>& v) {
  return v.capacity() * sizeof(T);
}

class graph {
 public:
  /// `severed`: null if nothing is. `table`: null, or of a search that is shared.
  explicit graph(unsigned threads, const place_pair* severed = nullptr,
                 thread_table* table = nullptr)
      : numbers_(threads, table), severed_(severed) {
    started_by_.fill(init_event);
    taken_out_.reserve(usually_taken_out);
  }

  /// How many there may be: thread 0, those of the check, and those that were started in any execution.
  [[nodiscard]] unsigned threads() const { return numbers_.end(); }
  [[nodiscard]] const thread_numbers& numbers() const { return numbers_; }
  [[nodiscard]] thread_numbers& numbers() { return numbers_; }
  [[nodiscard]] bool is_severed() const { return severed_ != nullptr; }
  [[nodiscard]] bool has_seq_cst_fences() const { return seq_cst_fences_ > 0; }
  [[nodiscard]] std::size_t length(unsigned thread) const { return events_[thread].size(); }
  [[nodiscard]] const event& at(event_id e) const { return events_[e.thread][e.index]; }
  [[nodiscard]] event& at(event_id e) { return events_[e.thread][e.index]; }
  /// Null if the thread has no such event.
  [[nodiscard]] const event* find(unsigned thread, std::size_t index) const {
    return index < events_[thread].size() ? &events_[thread][index] : nullptr;
  }
  [[nodiscard]] const event_clocks& clocks(event_id e) const { return clocks_[e.thread][e.index]; }
  [[nodiscard]] const std::vector<event_id>& order() const { return order_; }
  [[nodiscard]] const std::vector<location>& locations() const { return locations_; }
  [[nodiscard]] const location& at(std::uint32_t l) const { return locations_[l]; }

  /// The clocks at the end of a thread: of its last event, or those it starts with.
  [[nodiscard]] const event_clocks& last(unsigned thread) const {
    return after(thread, events_[thread].size());
  }
  /// The same for the first `length` events of the thread.
  [[nodiscard]] const event_clocks& after(unsigned thread, std::size_t length) const {
    if (length > 0) return clocks_[thread][length - 1];
    // A thread starts where it was spawned: with what was seen there, and nothing else.
    const event_id start = started_by_[thread];
    return start == init_event ? nothing_seen : clocks(start);
  }

  /// Whether thread 0 had done so much when it spawned those of the check; if these run already.
  [[nodiscard]] bool before_spawn(int time) const {
    return time <= static_cast<int>(started_by_[1].index) + 1;
  }

  /// Calls f for each write that the read may synchronize with: the one that it reads from, and as long
  /// as that is one of a read-modify-write, the one that this has read from.
  template <class F>
  void for_each_source(const event& read, F f) const {
    for (event_id w = read.rf; w != init_event;) {
      f(w);
      if (!at(w).rmw) return;
      w = at({w.thread, static_cast<std::uint16_t>(w.index - 1)}).rf;
    }
  }

  /// Makes the location known, with its initial value.
  void set_init(std::uint32_t l, std::uint64_t value);
  [[nodiscard]] std::uint64_t value_at(std::uint32_t l, std::size_t position) const {
    const location& loc = locations_[l];
    return position == 0 ? loc.init : at(loc.mo[position - 1]).value;
  }
  [[nodiscard]] event_id write_at(const location& l, std::size_t position) const {
    return position == 0 ? init_event : l.mo[position - 1];
  }
  [[nodiscard]] std::size_t position_of(event_id write) const {
    return write == init_event ? 0 : at(write).position;
  }
  /// The place in mo that the read takes its value from.
  [[nodiscard]] std::size_t source_position(const event& read) const {
    return position_of(read.rf);
  }

  /// The first place in mo that coherence leaves to an access of the location by somebody who has
  /// seen so much: to a read that value or a later one, to a write the places after it.
  [[nodiscard]] std::size_t first_visible(std::uint32_t l, const clock& hb) const;

  /// Appends an event to a thread; a read must have its rf and its value, a write its position.
  event_id add(unsigned thread, const event& e);
  /// After a read was given another source. Nothing may depend on the read.
  void recompute(event_id read);
  /// Moves a write to another place in mo. Only reads that are not followed may depend on it.
  void move_write(event_id write, std::size_t position);
  /// Removes all events whose stamp is not below.
  void restrict(std::size_t stamp);

  /// Takes out what was added after the read and is not in the porf-prefix of the write, which becomes
  /// the last event, at the end of mo.
  void revisit(event_id write, event_id read);
  /// Makes the graph what it was before the last revisit that has not been undone, up to the write.
  void undo_revisit();
  /// No revisit can be undone any more.
  void forget_revisits();

  /// What it holds, in bytes, at most so far.
  [[nodiscard]] std::size_t memory() const;

 private:
  static constexpr event_clocks nothing_seen{};
  static constexpr std::size_t usually_taken_out = 128;

  void compute_clocks(event_id e);
  void start(event_id spawn);
  void join_end(event_clocks& c, unsigned thread) const;
  void acquire(clock& hb, event_id side, event_id read) const;
  void acquire_unless_severed(clock& hb, event_id side, event_id write) const;
  void acquire_fence(event_clocks& c, event_id fence) const;
  void insert_read(event_id read);
  void insert_into_mo(event_id write, std::size_t position);
  void remove_from_mo(event_id write);
  void pop(event_id e);
  void take_out(event_id e);
  void put_back(const revisited::part& p);
  void put_back_order(const revisited& r);

  thread_numbers numbers_;
  const place_pair* severed_;
  std::array<event_id, max_threads> started_by_;  ///< of a thread that runs: its spawn
  std::size_t seq_cst_fences_ = 0;                ///< how many there are
  std::array<std::vector<event>, max_threads> events_;
  std::array<std::vector<event_clocks>, max_threads> clocks_;
  std::vector<event_id> order_;
  std::vector<location> locations_;
  std::vector<revisited> revisits_;         ///< that have not been undone
  std::vector<revisited::part> taken_out_;  ///< of each revisit, the newest first
  std::vector<revisited::initial_value> inits_;
};

}  // namespace runnel::model
