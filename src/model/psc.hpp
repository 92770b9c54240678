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
// The other axioms (coherence, atomicity, no cycle in sb ∪ rf) hold of every graph that is built,
// because a new event only gets places in mo that they allow.
#pragma once

#include "graph.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model {

class psc_checker {
 public:
  /// Whether psc is acyclic, if it was before the changed events were added or got another source or
  /// place. At most two have changed. Memory is kept for the next call.
  bool acyclic(const graph& g, event_id changed, event_id also_changed = init_event);

  /// What it holds, in bytes.
  [[nodiscard]] std::size_t memory() const {
    return memory_of(nodes_) + memory_of(reaches_) + memory_of(fences_) + memory_of(state_);
  }

 private:
  struct node {
    event_id id;
    bool fence;
    std::uint32_t location;  // of an access
  };
  /// Of a fence and a location: what is reached through accesses before and after it.
  struct reach {
    std::size_t first_written_after;  // accesses hb-after the fence come before mo places from here
    std::size_t first_read_after;     // the same, and their values are read from here on
    std::size_t last_written_before;  // the last place in mo of a write hb-before the fence
    std::size_t last_seen_before;     // the last place written or read hb-before the fence
    bool any_after;
  };

  bool collect(const graph& g);
  void measure_fences(const graph& g);
  [[nodiscard]] reach measure(const graph& g, event_id fence, std::uint32_t l) const;
  [[nodiscard]] bool edge(const graph& g, std::size_t a, std::size_t b) const;
  [[nodiscard]] bool access_to_access(const graph& g, const node& a, const node& b) const;
  [[nodiscard]] bool fence_to_access(const graph& g, std::size_t f, const node& b) const;
  [[nodiscard]] bool access_to_fence(const graph& g, const node& a, std::size_t f) const;
  [[nodiscard]] bool fence_to_fence(const graph& g, std::size_t f, std::size_t h) const;
  bool search(const graph& g, std::size_t n);
  bool search_from(const graph& g, event_id e);

  std::vector<node> nodes_;
  std::vector<reach> reaches_;       // fences × locations
  std::vector<std::size_t> fences_;  // of a node: its row in reaches_
  std::vector<std::uint8_t> state_;  // of the search: 0 new, 1 on the path, 2 done
};

}  // namespace runnel::model
