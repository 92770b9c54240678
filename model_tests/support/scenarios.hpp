// SPDX-License-Identifier: MIT
//
// How scenario files register what they contain, and where the engines run it. A scenario file is
// named as a sentence and opens with the interleaving it is after.
#pragma once

#include "check.hpp"
#include "program.hpp"
#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::check {

enum class engine { explorer, relacy, threads };

inline const char* text(engine e) {
  switch (e) {
    case engine::explorer: return "explorer";
    case engine::relacy: return "relacy";
    case engine::threads: break;
  }
  return "threads";
}

/// Sanitizers cannot follow the stacks of the models; under them there are only real threads.
constexpr bool is_built(engine e) {
#ifdef RUNNEL_THREADS_ONLY
  return e == engine::threads;
#else
  return e == engine::explorer || e == engine::relacy || e == engine::threads;
#endif
}

/// Real threads repeat each execution so often, or for a second.
inline constexpr std::uint64_t repetitions = 2000;

// One of these for each kind of test; the engines are compiled in translation units of their own.
result run(engine, const program&, bool mpmc, const search&, const options&);
result run(engine, const queue_program&, const search&, const options&);
result run(engine, const waiting_program&, const search&, const options&);
result run(engine, const order_program&, const search&, const options&);
result run(engine, const counting_program&, unsigned threads, const search&, const options&);
result run(engine, const mutex_program&, unsigned threads, const search&, const options&);
result run(engine, const parcel_program&, const search&, const options&);
result run(engine, const select_program&, bool mpmc, const search&, const options&);
result run(engine, const async_program&, bool mpmc, const search&,
           const options&);                                               // not with Relacy
result run(engine, const timer_program&, const search&, const options&);  // the explorer alone

/// Ends the names of variants whose search is reduced, before the bracket.
inline constexpr std::string_view reduced_suffix = ", reduced";

/// The name of a scenario file is the sentence; the scenarios in it are its variants.
class scenario_file {
 public:
  explicit scenario_file(std::string_view path) {
    const std::size_t top = path.rfind("model_tests/");
    file_ = path.substr(top == std::string_view::npos ? 0 : top);
    const std::size_t slash = file_.rfind('/') + 1;
    sentence_ = file_.substr(slash, file_.rfind('.') - slash);
    for (char& c : sentence_) {
      if (c == '_') c = ' ';
    }
  }

  /// Of a variant.
  [[nodiscard]] std::string name(std::string_view variant) const {
    return sentence_ + " (" + std::string(variant) + ")";
  }

  /// What judges the variants that follow; at first the oracle.
  void judged_by(std::string_view judge) { judge_ = judge; }

  /// The kinds of channel which the parts in the variants that follow are made for; at first both.
  void made_for(std::vector<std::string> kinds_of_channel) {
    kinds_of_channel_ = std::move(kinds_of_channel);
  }

  /// Adds a variant: all its executions on the explorer, the given search with Relacy, and real
  /// threads.
  template <class Run>
  void add(std::string_view variant, const search& relacy_search, Run run) {
    add(engine::explorer, variant, search::full(), run);
    sample(variant, relacy_search, run);
  }

  /// Adds a variant without the explorer: too large for all its executions.
  template <class Run>
  void sample(std::string_view variant, const search& relacy_search, Run run) {
    add(engine::relacy, variant, relacy_search, run);
    add(engine::threads, variant, search::random(repetitions), run);
  }

  /// The same as `add`; the explorer takes minutes.
  template <class Run>
  void add_long(std::string_view variant, const search& relacy_search, Run run) {
    const std::size_t first = scenarios_.size();
    add(variant, relacy_search, run);
    mark_long(first);
  }

  /// Adds a variant that is explored with a fault in each thread. Neither Relacy nor a real thread
  /// can be told to have one.
  template <class Run>
  void with_faults(std::string_view variant, Run run) {
    add(engine::explorer, std::string(variant) + ", with faults", search::full(1), run);
  }

  /// Only on the explorer: for what nobody else can choose, or would find out in addition.
  template <class Run>
  void on_the_explorer(std::string_view variant, Run run) {
    add(engine::explorer, variant, search::full(), run);
  }
  void on_the_explorer(std::string_view variant, const check::program& p, bool mpmc = false) {
    add_program(engine::explorer, variant, search::full(), p, mpmc);
  }

  /// Only on the explorer, without what the reductions leave out. If the variant is explored in full as well, and
  /// that is small, a test compares the results.
  void reduced(std::string_view variant, reductions by, const check::program& p,
               bool mpmc = false) {
    add_program(engine::explorer, std::string(variant) + std::string(reduced_suffix),
                search::reduced(by), p, mpmc);
  }
  /// The same; it takes minutes.
  void reduced_long(std::string_view variant, reductions by, const check::program& p,
                    bool mpmc = false) {
    const std::size_t first = scenarios_.size();
    reduced(variant, by, p, mpmc);
    mark_long(first);
  }

  /// Only on the explorer: one allocation may find no memory, in each thread and before them.
  void without_memory(std::string_view variant, const check::program& p, bool mpmc = false) {
    add_program(engine::explorer, variant, search::full(0, 1), p, mpmc);
  }

  /// On all engines. The oracle judges programs; snapshots are outside of its one order.
  void program(std::string_view variant, const search& relacy_search, const check::program& p,
               bool mpmc = false) {
    add_program(engine::explorer, variant, search::full(), p, mpmc);
    sampled(variant, relacy_search, p, mpmc);
  }
  /// On the explorer and on real threads.
  void explored(std::string_view variant, const check::program& p, bool mpmc = false) {
    add_program(engine::explorer, variant, search::full(), p, mpmc);
    add_program(engine::threads, variant, search::random(repetitions), p, mpmc);
  }
  template <class Run>
  void explored(std::string_view variant, Run run) {
    add(engine::explorer, variant, search::full(), run);
    add(engine::threads, variant, search::random(repetitions), run);
  }
  /// The same; the explorer takes minutes.
  void explored_long(std::string_view variant, const check::program& p, bool mpmc = false) {
    const std::size_t first = scenarios_.size();
    explored(variant, p, mpmc);
    mark_long(first);
  }
  /// With Relacy and on real threads: too large for all its executions to be explored.
  void sampled(std::string_view variant, const search& relacy_search, const check::program& p,
               bool mpmc = false) {
    add_program(engine::relacy, variant, relacy_search, p, mpmc);
    add_program(engine::threads, variant, search::random(repetitions), p, mpmc);
  }

  std::vector<scenario> take() { return std::move(scenarios_); }

 private:
  using run_function = decltype(scenario::run);

  static run_function compared_with_record(const std::string& name, run_function explore) {
    return [name, explore = std::move(explore)](const search& how, const options& o) {
      result r = explore(how, o);
      if (o.replay.empty() && orders_as_they_ship()) compare_with_record(name, r);
      return r;
    };
  }

  /// On the explorer, from that one on.
  void mark_long(std::size_t first) {
    for (scenario& s : scenarios_ | std::views::drop(first))
      s.is_long = s.engine == text(engine::explorer);
  }

  void add_program(engine e, std::string_view variant, const search& how, const check::program& p,
                   bool mpmc) {
    judged_by(p.looks() ? judge::both : judge::oracle);
    made_for({mpmc ? "mpmc" : "mpsc"});
    add(e, variant, how, [p, mpmc](engine on, const search& s, const options& o) {
      return check::run(on, p, mpmc, s, o);
    });
  }

  template <class Run>
  void add(engine e, std::string_view variant, const search& how, Run run) {
    if (!is_built(e)) return;
    scenario s;
    s.name = name(variant);
    s.file = file_;
    s.engine = text(e);
    s.search = how;
    s.judged_by = judge_;
    s.keeps_time = e == engine::explorer;
    s.kinds_of_channel = kinds_of_channel_;
    s.run = [e, run](const search& how_now, const options& o) { return run(e, how_now, o); };
    if constexpr (is_built(engine::explorer)) {
      if (e == engine::explorer) s.run = compared_with_record(s.name, std::move(s.run));
    }
    scenarios_.push_back(std::move(s));
  }

  std::string file_;
  std::string sentence_;
  std::string judge_{judge::oracle};
  std::vector<std::string> kinds_of_channel_ = {"mpsc", "mpmc"};
  std::vector<scenario> scenarios_;
};

/// Calls `fill` with the scenario file of the translation unit when the program starts.
struct register_file {
  register_file(std::string_view path, void (*fill)(scenario_file&)) {
    scenario_file f(path);
    fill(f);
    for (scenario& s : f.take()) registry().push_back(std::move(s));
  }
};

}  // namespace runnel::check
