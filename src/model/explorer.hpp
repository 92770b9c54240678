// SPDX-License-Identifier: MIT
//
// The search: visits every execution graph of a program that RC11 allows, once.
//
// Algorithm: TruSt (M. Kokologiannakis, I. Marmanis, V. Gladstein, V. Vafeiadis, "Truly Stateless,
// Optimal Dynamic Partial Order Reduction", POPL 2022). The program is run from the start again and
// again. In each run it first follows the graph; then each new event takes its first alternative
// and leaves the others to later runs:
//
//   a read         each write that coherence lets it read, the mo-maximal one first
//   a write        each place in mo that coherence and atomicity leave, the last one first; and each
//                  read that may read from it instead ("revisit"): all that came after the read and
//                  that the write does not depend on is taken out
//   a choice       each of its values, 0 first
//
// A revisit is made from one graph only: the one in which all that is taken out, and the read, had
// taken their first alternatives with respect to what stays ("maximal"). That is what makes every
// graph be visited once, without a memory of those that have been.
//
// What a revisit takes out of the graph is kept, so that it can be undone: memory is linear in the size
// of a graph and, where revisits follow from revisits, in what they take out; it is independent of the
// number of executions.
#pragma once

#include "cxx20_order.hpp"
#include "graph.hpp"
#include "plan.hpp"
#include "psc.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace runnel::model {

struct counts {
  std::uint64_t revisits = 0;
  std::uint64_t events = 0;   ///< added, not counting those that runs repeat
  std::uint64_t dropped = 0;  ///< graphs that needed no run: nothing but revisits comes from them
};

class explorer {
 public:
  /// `severed`: null if nothing is, else lives as long as the explorer. `table`: as a graph has it.
  explicit explorer(unsigned threads, const place_pair* severed = nullptr,
                    thread_table* table = nullptr);

  void follow(memory_model m) { is_cxx20_ = m == memory_model::cxx20; }

  [[nodiscard]] graph& current() { return graph_; }
  [[nodiscard]] const graph& current() const { return graph_; }
  [[nodiscard]] const counts& statistics() const { return counts_; }
  /// How many events and places in mo were looked at, for revisits and for cycles: what these cost.
  [[nodiscard]] std::uint64_t steps() const { return steps_ + psc_.steps() + cxx20_order_.steps(); }

  // While the program runs: new events. Each belongs at the end of the thread.

  /// Whether an await has a value to go on with.
  [[nodiscard]] bool can_read(unsigned thread, std::uint32_t l, const acceptance& accepts) const;
  /// Chooses where the read takes its value from, and whether it writes.
  event_id add_read(unsigned thread, const event& e, const acceptance& accepts);
  /// Chooses the place in mo. False if there is none: nothing more is to be found in this run.
  bool add_write(unsigned thread, const event& e);
  /// A choice takes 0 first. Other events have no alternatives.
  event_id add_other(unsigned thread, const event& e);

  // The same as a plan has it, without alternatives. False if it may not be so.
  bool add_read(unsigned thread, const event& e, const decision& d);
  bool add_write(unsigned thread, const event& e, const plan& p, const decision& d);

  // Between runs.

  /// Goes to the graph of the next run. False if there is none.
  bool advance();
  /// The graph as it is now is the one with which the next run starts; nothing else is left to do.
  void begin_again();
  /// The size of the graph with which the last run started, and back to it.
  [[nodiscard]] std::size_t start() const { return start_; }
  void rewind();

  /// Where a run begins: what it adds can be taken back.
  struct begin_of_run {
    std::size_t events;
    std::size_t choices;
    std::size_t pool;
    model::counts counts;
  };
  [[nodiscard]] begin_of_run here() const {
    const frame& f = *frames_[depth_];
    return {graph_.order().size(), f.choices.size(), f.pool.size(), counts_};
  }
  void go_back(const begin_of_run& b);

  // Division of the search. The level of a run is how many alternatives other than the first lead to
  // it. A search can be divided at a level: runs below belong to nobody in particular; those of the
  // level, each with all that comes from it, are numbered, and `is_mine` says which of these subtrees
  // this explorer visits. Runs below the level count if `counts_below` is true.
  void divide(unsigned level, std::function<bool(std::uint64_t)> is_mine, bool counts_below);
  /// Whether the run that is next, or has just been, belongs to a subtree.
  [[nodiscard]] bool in_subtree() const { return level_ >= dividing_level_; }
  /// How many subtrees have been numbered: those that come before the last run.
  [[nodiscard]] std::uint64_t subtrees() const { return subtrees_; }
  [[nodiscard]] bool counts_this_run() const { return counts_below_ || in_subtree(); }
  /// Leaves the subtree in which the last run was.
  void abandon_subtree();

  /// What it holds, in bytes, at most so far.
  [[nodiscard]] std::size_t memory() const;
  /// How much of the search is done, 0 to 1, as if all alternatives took the same time.
  [[nodiscard]] double estimate() const;

 private:
  enum class alternative : std::uint8_t { source, placement, revisit, choice };

  /// The alternatives of an event that have not been taken: the pool from `begin` on, from its end.
  struct choice_point {
    alternative kind;
    event_id event;
    std::uint32_t stamp;  ///< the graph is cut back to the events below before one is taken
    std::uint32_t begin;
    std::uint32_t total;
    unsigned level;  ///< of the run in which the event was added
  };
  /// A revisit, and what is left to do in the graphs that come from it without another.
  struct frame {
    event_id write = init_event;
    event_id reader = init_event;
    std::vector<choice_point> choices;
    std::vector<std::uint32_t> pool;
  };

  frame& top() { return *frames_[depth_]; }
  void leave_frame();
  void push_point(frame& f, alternative kind, event_id e, std::size_t begin) const;
  /// What an alternative leads to: nothing, a graph that is left for its revisits only, or a run.
  enum class next : std::uint8_t { inconsistent, dropped, run };
  next take(alternative kind, event_id e, std::uint32_t value);
  next revisit(event_id write, event_id read);
  next complete(event_id read);
  void find_revisits(const graph& g, unsigned thread, std::uint32_t l);
  void push_sources(frame& f, unsigned thread, const event& e, const acceptance& accepts);
  void push_places(frame& f, event_id write, std::size_t first);
  static void choose_source(const graph& g, event& read, std::uint32_t source);
  static void set_source(graph& g, event_id read, std::uint32_t source);
  bool settle_place(frame& f, event_id write, std::size_t begin, event_id reader = init_event);
  bool maximal(const graph& g, event_id e, const clock& prefix);
  bool consistent(const graph& g, event_id e, event_id also_changed = init_event);

  graph graph_;
  std::vector<std::unique_ptr<frame>> frames_;
  std::size_t depth_ = 0;
  std::size_t start_ = 0;  ///< the size of the graph with which the last run started
  psc_checker psc_;
  cxx20_order cxx20_order_;
  bool is_cxx20_ = false;
  std::uint64_t steps_ = 0;
  std::vector<event_id> revisits_;
  std::vector<std::size_t> maximal_from_;  // for each location: see find_revisits
  unsigned level_ = 0;
  unsigned dividing_level_ = 0;  ///< 0: not divided
  std::function<bool(std::uint64_t)> is_mine_;
  std::uint64_t subtrees_ = 0;  ///< numbered so far
  bool counts_below_ = true;
  counts counts_;
};

}  // namespace runnel::model
