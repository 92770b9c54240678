// SPDX-License-Identifier: MIT
//
// The axiom of RC11 on seq_cst events (O. Lahav et al., "Repairing Sequential Consistency in
// C/C++11", PLDI 2017): psc is acyclic, with
//
//   scb  = sb ∪ sb≠loc;hb;sb≠loc ∪ hb|loc ∪ mo ∪ fr
//   psc  = ([SC] ∪ [F];hb?) ; scb ; ([SC] ∪ hb?;[F])  ∪  [F];(hb ∪ hb;eco;hb);[F]      F: SC fences
//
// Where places are severed (graph.hpp) hb is a smaller one, but a read is still after the write that it
// takes its value from and those whose release sequence this continues: hb|loc has these if nothing is.
//
// Where no fence is seq_cst, the way from the event that has changed is followed: what is reached in a
// thread is all seq_cst accesses from one of them on, so it is found in a time near linear in the size of
// the graph. Where fences are, each two seq_cst events are compared.
//
// The other axioms (coherence, atomicity, no cycle in sb ∪ rf) hold of every graph that is built,
// because a new event only gets places in mo that they allow.
#pragma once

#include "graph.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model {

class psc_checker {
 public:
  /// Whether psc is acyclic, if it was before the changed events were added or got another source or
  /// place. At most two have changed. Memory is kept for the next call.
  bool acyclic(const graph& g, event_id changed, event_id also_changed = init_event);

  /// How many events, places in mo and pairs of events it has looked at.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// What it holds, in bytes.
  [[nodiscard]] std::size_t memory() const {
    std::size_t bytes = memory_of(nodes_) + memory_of(reaches_) + memory_of(fences_) +
                        memory_of(state_) + memory_of(left_) + memory_of(mo_from_);
    for (const progress& p : threads_) bytes += memory_of(p.runs);
    return bytes;
  }

 private:
  struct node {
    event_id id;
    bool fence;
    std::uint32_t location;  // of an access
  };
  /// Of a fence and a location: what is reached through accesses before and after it.
  struct extent {
    std::size_t first_written_after;  // accesses hb-after the fence come before mo places from here
    std::size_t first_read_after;     // the same, and their values are read from here on
    std::size_t last_written_before;  // the last place in mo of a write hb-before the fence
    std::size_t last_seen_before;     // the last place written or read hb-before the fence
    bool any_after;
  };

  /// Of a thread, while a way is followed.
  struct progress {
    std::size_t reached = 0;          // all seq_cst accesses from here on are
    std::size_t left = 0;             // and from here on, their edges have been followed
    std::vector<std::uint16_t> runs;  // of an event: the next that is no access of its location
  };

  // Where no fence is seq_cst.
  bool reaches_itself(const graph& g, event_id e);
  void set_out(const graph& g);
  void leave(const graph& g, std::uint16_t thread, std::size_t begin, std::size_t end);
  void leave_by_mo(const graph& g, event_id a);
  void leave_by_others(const graph& g, event_id a);
  void leave_by_location(const graph& g, event_id a);
  std::size_t find_covering(const graph& g, unsigned thread, event_id e);
  void reach(unsigned thread, std::size_t index) {
    threads_[thread].reached = std::min(threads_[thread].reached, index);
  }

  // Where fences are, or places are severed.
  void collect(const graph& g);
  bool search_from(const graph& g, event_id e);
  void measure_fences(const graph& g);
  [[nodiscard]] extent measure(const graph& g, event_id fence, std::uint32_t l) const;
  bool edge(const graph& g, std::size_t a, std::size_t b);
  [[nodiscard]] bool access_to_access(const graph& g, const node& a, const node& b) const;
  [[nodiscard]] bool fence_to_access(const graph& g, std::size_t f, const node& b) const;
  [[nodiscard]] bool access_to_fence(const graph& g, const node& a, std::size_t f) const;
  [[nodiscard]] bool fence_to_fence(const graph& g, std::size_t f, std::size_t h) const;
  bool search(const graph& g, std::size_t n);

  std::array<progress, max_threads> threads_;
  std::vector<std::size_t> mo_from_;  // of a location: all places in mo after this one are reached
  std::vector<std::size_t> left_;     // of a location: the last round that has left by it
  std::size_t round_ = 0;
  std::uint64_t steps_ = 0;

  std::vector<node> nodes_;
  std::vector<extent> reaches_;      // fences × locations
  std::vector<std::size_t> fences_;  // of a node: its row in reaches_
  std::vector<std::uint8_t> state_;  // of the search: 0 new, 1 on the path, 2 done
};

}  // namespace runnel::model
