// SPDX-License-Identifier: MIT
//
// Runs a test (see check.hpp) under Relacy. One translation unit per test and number of threads
// should do so: each instantiation takes the compiler seconds.
//
//   full      every schedule and every choice of values, as far as relacy_platform.hpp models them
//   bounded   the same with at most `bound` switches away from a thread that could go on
//   random    Relacy's random scheduler; the seed says at which of its schedules to begin
//
// A replay is the search and the choices of one execution ("full:0012", "bounded:2:01"), or the
// number of a random schedule ("random:77").
//
// While a test runs, Relacy owns the global heap: one test at a time in a process, and no other
// thread beside it. After a failure the memory of the failed execution is not returned.
#pragma once

#include "relacy_platform.hpp"
#include "relacy_report.hpp"

namespace runnel::check {

/// The search that is running: what Relacy's schedulers tell and ask of it, between executions.
class relacy_watch {
 public:
  relacy_watch(const check::options& options, bool once) : options_(options), once_(once) {}

  void begin() {
    current_execution.now = relacy_execution::phase::before;
    current_execution.sleeping = 0;
    current_execution.moments_outside = 0;
  }

  /// After an execution that did not fail; whether the search has to stop.
  template <class Done>
  bool end(bool last, Done done) {
    ++executions_;
    if (executions_ % between_looks == 0 && options_.progress) show_progress(done());
    if (last || once_ || misfit) return true;
    limited_ = executions_ == options_.limit;
    return limited_;
  }

  [[nodiscard]] std::uint64_t executions() const { return executions_; }
  [[nodiscard]] bool limited() const { return limited_; }

  /// The choices of the execution do not fit its steps: another program, or not a function of them.
  bool misfit = false;

 private:
  static constexpr std::uint64_t between_looks = 64;
  static constexpr std::chrono::milliseconds between_reports{200};

  void show_progress(double done) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < between_reports) return;
    shown_ = now;
    options_.progress(executions_, done);
  }

  const check::options& options_;
  const bool once_;
  std::uint64_t executions_ = 0;
  bool limited_ = false;
  std::chrono::steady_clock::time_point shown_{};
};

inline constinit relacy_watch* current_watch = nullptr;

namespace relacy_detail {

/// An execution with more operations is taken for one that does not end.
inline constexpr unsigned max_operations = 2500;

/// Whether freed memory is kept for a while is no choice: addresses do not matter to a test.
inline constexpr unsigned keep_freed = 0;

/// Relacy's depth-first search, full or with a bound. Other than Relacy's own two it does not
/// prefer other threads once one has gone to sleep, which would leave schedules out.
template <rl::thread_id_t N>
class tree_scheduler
    : public rl::tree_search_scheduler<tree_scheduler<N>, rl::tree_search_scheduler_thread_info<N>,
                                       N> {
  using base =
      rl::tree_search_scheduler<tree_scheduler<N>, rl::tree_search_scheduler_thread_info<N>, N>;

 public:
  using base::base;

  rl::thread_id_t iteration_begin_impl() {
    switches_left_ = this->params_.context_bound;
    this->stree_depth_ = 0;
    const auto n = static_cast<unsigned>(this->running_threads_count);
    return this->running_threads[rand_impl(n, rl::sched_type_sched)];
  }
  bool iteration_end_impl() {
    if (this->stree_depth_ != this->stree_.size()) {
      current_watch->misfit = true;
      return true;
    }
    return base::iteration_end_impl();
  }
  rl::thread_id_t schedule(rl::unpark_reason& reason, unsigned) {
    return base::schedule(reason, 0);
  }

  bool can_switch(const rl::scheduler_thread_info&) const { return switches_left_ != 0; }
  void on_switch(const rl::scheduler_thread_info& from) {
    if (from.state_ == rl::thread_state_running) --switches_left_;
  }
  double iteration_count_approx() { return 1; }

  unsigned rand_impl(unsigned n, rl::sched_type type) {
    if (type == rl::sched_type_mem_realloc) return keep_freed;
    if (n <= 1) return 0;
    if (n > max_choice) fail(kind::assertion, "a choice among too many", rl::debug_info("choose"));
    const bool known = this->stree_depth_ < this->stree_.size();
    if (known && this->stree_[this->stree_depth_].count_ == replayed)
      this->stree_[this->stree_depth_].count_ = n;
    const unsigned chosen = base::rand_impl(n, type);
    if (this->stree_[this->stree_depth_ - 1].count_ == n && chosen < n) return chosen;
    current_watch->misfit = true;
    return n - 1;
  }

  void get_state_impl(std::ostream& out) {
    std::size_t size = this->stree_.size();
    while (size != 0 && this->stree_[size - 1].index_ == 0) --size;  // what a replay begins with
    for (std::size_t i = 0; i < size; ++i) out << digits[this->stree_[i].index_];
  }
  void set_state_impl(std::istream& in) {
    rl::string choices;
    in >> choices;
    for (const char c : choices)
      this->stree_.push_back(
          {replayed, static_cast<unsigned>(digits.find(c)), rl::sched_type_user, 0});
  }

  /// The part of the tree that has been searched.
  [[nodiscard]] double done() const {
    double part = 0;
    double width = 1;
    for (const auto& node : this->stree_) {
      width /= node.count_;
      part += node.index_ * width;
    }
    return part;
  }

 private:
  static constexpr std::string_view digits = replay_digits;
  static constexpr unsigned max_choice = static_cast<unsigned>(digits.size());
  static constexpr unsigned replayed = 0;  // how many alternatives there were is not known yet

  unsigned switches_left_ = 0;
};

template <rl::thread_id_t N>
class random_scheduler : public rl::random_scheduler<N> {
 public:
  using rl::random_scheduler<N>::random_scheduler;

  unsigned rand(unsigned n, rl::sched_type type) {
    if (type == rl::sched_type_mem_realloc) return keep_freed;
    return rl::random_scheduler<N>::rand(n, type);
  }
  [[nodiscard]] double done() const {
    const auto so_far = current_watch->executions();
    const auto all = so_far + (this->params_.iteration_count - this->iter_);
    return static_cast<double>(so_far) / static_cast<double>(all);
  }
};

template <class Scheduler>
class watched : public Scheduler {
 public:
  using Scheduler::Scheduler;

  rl::thread_id_t iteration_begin(rl::iteration_t i) {
    current_watch->begin();
    return Scheduler::iteration_begin(i);
  }
  bool iteration_end() {
    const bool last = Scheduler::iteration_end();
    return current_watch->end(last, [this] { return this->done(); });
  }
};

/// The test as Relacy sees it: made for each execution, without arguments.
template <template <class> class Test>
class suite : public rl::test_suite<suite<Test>, Test<relacy_platform>::threads> {
  using test = Test<relacy_platform>;
  using phase = relacy_execution::phase;

 public:
  static inline const typename test::config* config = nullptr;

  suite() : test_(*config) {}

  void before() {
    guarded([this] { test_.before(); });
    current_execution.now = phase::threads;
  }
  void thread(unsigned index) {
    guarded([this, index] { test_.thread(index); });
  }
  void after() {
    current_execution.now = phase::after;
    guarded([this] { test_.after(); });
  }

 private:
  template <class F>
  static void guarded(F f) {
    try {
      f();
    } catch (const std::exception& e) {
      fail(kind::assertion, e.what(), rl::debug_info("exception"));
    }
  }

  test test_;
};

inline std::string_view kind_of(rl::test_result_e failure) {
  switch (failure) {
    case rl::test_result_data_race: return kind::data_race;
    case rl::test_result_unitialized_access: return kind::uninitialised;
    case rl::test_result_access_to_freed_memory: return kind::use_after_free;
    case rl::test_result_double_free: return kind::bad_free;
    case rl::test_result_memory_leak:
    case rl::test_result_resource_leak: return kind::leak;
    case rl::test_result_livelock: return kind::livelock;
    case rl::test_result_deadlock: {
      const relacy_execution& e = current_execution;
      const bool spins = std::any_of(e.sleepers.begin(), e.sleepers.begin() + e.sleeping,
                                     [](const auto& s) { return s.awaits; });
      return spins ? kind::livelock : kind::deadlock;
    }
    default: return kind::assertion;
  }
}

inline void describe_failure(rl::test_result_e failure, result& r) {
  const relacy_execution& e = current_execution;
  r.verdict = verdict::failed;
  r.failure = e.failed_kind.empty() ? kind_of(failure) : e.failed_kind;
  r.message = e.failed_kind.empty() ? failure_text(r.failure, e.sleeping) : e.message.data();
}

inline rl::test_params parameters(const relacy_choices& c) {
  rl::test_params p;
  p.search_type = c.kind == search_kind::random ? rl::sched_random : rl::sched_full;
  p.context_bound = c.kind == search_kind::bounded ? c.bound : UINT_MAX;
  p.iteration_count = c.first + c.executions - 1;
  p.execution_depth_limit = 2 * max_operations;  // Relacy counts ours twice
  p.initial_state = (std::to_string(c.first) + " " + c.choices).c_str();
  return p;
}

/// One run of Relacy; the state of the failed execution is left in `state`.
template <class Suite>
rl::test_result_e run_relacy(rl::test_params& p, rl::ostringstream& state) {
  constexpr rl::thread_id_t n = Suite::params::thread_count;
  std::ostream nowhere(nullptr);
  p.progress_stream = &nowhere;
  current_execution.failed_kind = {};
  if (p.search_type == rl::sched_random)
    return rl::run_test<Suite, watched<random_scheduler<n>>>(p, state, false);
  return rl::run_test<Suite, watched<tree_scheduler<n>>>(p, state, false);
}

/// Runs the failed execution again, with its history.
template <class Suite>
void record(const relacy_choices& failed, const check::options& options, result& r) {
  relacy_watch watch(options, true);
  current_watch = &watch;
  rl::test_params p = parameters(failed);
  rl::ostringstream recorded;
  p.output_stream = &recorded;
  p.collect_history = true;
  rl::ostringstream state;
  const rl::test_result_e again = run_relacy<Suite>(p, state);
  result second;
  if (again != rl::test_result_success) describe_failure(again, second);
  if (second.failure != r.failure || watch.misfit)
    r.message += "; but not when it was run again: the test depends on more than its schedule";
  const rl::string text = recorded.str();
  r.history =
      readable_history(std::string_view(text.data(), text.size()), r.failure + ": " + r.message);
}

}  // namespace relacy_detail

/// Searches the executions of a test for one that fails, or replays one.
template <template <class> class Test>
result run_on_relacy(const typename Test<relacy_platform>::config& config, const search& search,
                     const options& options) {
  using namespace relacy_detail;
  using suite = relacy_detail::suite<Test>;
  static_assert(Test<relacy_platform>::threads <= max_threads);
  const bool replay = !options.replay.empty();
  relacy_choices choices = replay ? parse_replay(options.replay) : first_choices(search);
  relacy_watch watch(options, replay);
  current_watch = &watch;
  suite::config = &config;
  rl::test_params p = parameters(choices);
  rl::ostringstream state;
  const rl::test_result_e outcome = run_relacy<suite>(p, state);

  result r;
  r.executions = watch.executions();
  if (outcome != rl::test_result_success) {
    ++r.executions;
    describe_failure(outcome, r);
    const rl::string at = state.str();
    choices.stop_at(std::string_view(at.data(), at.size()));
    r.replay = text(choices);
    record<suite>(choices, options, r);
  } else if (watch.misfit) {
    r.verdict = replay ? verdict::incomplete : verdict::failed;
    r.failure = replay ? "" : kind::assertion;
    r.message = replay ? "the replay is not one of this check"
                       : "the test depends on more than its schedule: nothing can be searched";
  } else if (watch.limited()) {
    r.verdict = verdict::incomplete;
  }
  return r;
}

}  // namespace runnel::check
