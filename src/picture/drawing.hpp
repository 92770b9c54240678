// SPDX-License-Identifier: MIT
//
// What a picture of an execution shows: its nodes, edges and words.
#pragma once

#include <runnel/model/picture.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace runnel::cli {

/// An edge in words of its own.
struct labelled_edge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::string label;
};

/// An execution with what is known of it besides.
struct drawing {
  model::picture picture;
  std::string caption;
  std::map<std::string, std::string> names;     ///< of objects, for readers
  std::map<std::string, std::string> tooltips;  ///< of places: the line of code
  /// Edges that another order would add, and what they say.
  std::vector<model::picture_edge> missing;
  std::string missing_label;
  /// Events that would have to precede each other in a circle.
  std::vector<std::size_t> cycle;
  /// Two accesses of which the second would contradict coherence.
  std::vector<std::size_t> incoherent;
  /// A cycle that an axiom forbids.
  std::vector<labelled_edge> forbidden;
  /// Through which synchronization what matters would be ordered; missing edges among them.
  std::vector<model::picture_edge> path;
};

/// An edge between threads.
struct drawn_edge {
  std::size_t from = 0;
  std::size_t to = 0;
  bool rf = false;
  bool mo = false;
  bool sw = false;
};

/// Of mo those between neighbours that do not follow from rf and happens-before; of sw those that do
/// not follow from others. Of a large execution only those that have to do with the failure.
std::vector<drawn_edge> edges_of(const drawing& d);

/// Events of a thread that are one node: one event, or a stretch of which none has an edge to another
/// thread or is at fault.
struct drawn_node {
  unsigned thread = 0;
  std::vector<std::size_t> events;
  [[nodiscard]] bool folded() const { return events.size() > 1; }
};

/// In an order that extends program order and rf.
std::vector<drawn_node> nodes_of(const drawing& d, const std::vector<drawn_edge>& edges);

/// What an object is called.
std::string name_of(const drawing& d, const std::string& object);

/// What an event does, in a few words: "store release  tail_ #3 = 4".
std::string operation_text(const drawing& d, std::size_t event);

/// The two accesses of a data race; empty if the failure is another one.
std::vector<std::size_t> racing(const model::picture& p);

}  // namespace runnel::cli
