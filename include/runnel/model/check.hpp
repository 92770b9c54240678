// SPDX-License-Identifier: MIT
//
// Checks of your own lock-free code:
//
//     struct two_increments {
//       static constexpr unsigned threads = 2;
//       two_increments() {}                          // before the threads
//       void thread(unsigned) { n.fetch_add(1); }    // each in a thread of its own
//       void after() { runnel::model::require(n == 2, "an increment is lost"); }
//       runnel::model::atomic<int> n{0};
//     };
//     int main(int argc, char** argv) {
//       return runnel::model::check<two_increments>("increments", argc, argv);
//     }
//
// See docs/model-checking.md.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/atomic.hpp>
#include <runnel/model/barrier.hpp>
#include <runnel/model/cell.hpp>
#include <runnel/model/condition_variable.hpp>
#include <runnel/model/explore.hpp>
#include <runnel/model/latch.hpp>
#include <runnel/model/members.hpp>
#include <runnel/model/mutex.hpp>
#include <runnel/model/once.hpp>
#include <runnel/model/recursive_mutex.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/semaphore.hpp>
#include <runnel/model/shared_mutex.hpp>
#include <runnel/model/thread.hpp>
#include <runnel/model/timed_mutex.hpp>
#include <runnel/model/var.hpp>
#include <runnel/model/yield.hpp>

#include <cstddef>
#include <source_location>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace runnel::model {

/// Ends the execution as failed unless the condition holds.
inline void require(bool condition, std::string_view message,
                    std::source_location l = std::source_location::current()) {
  if (condition) return;
  const std::string_view file = l.file_name();
  fail("assertion", std::string(message) + " (" + std::string(file.substr(file.rfind('/') + 1)) +
                        ':' + std::to_string(l.line()) + ')');
}

/// Fails unless the global new gives out the memory of the execution: see runtime.hpp.
void require_own_heap();

/// A program that makes a Test for each execution, in the execution's memory. The constructor runs
/// before the threads; then `thread(index)` in each of `Test::threads` threads; then `after()`, if
/// there is one, and the destructor.
template <class Test>
class test_program final : public program {
  static_assert(Test::threads <= most_threads);

 public:
  [[nodiscard]] unsigned threads() const override { return Test::threads; }
  void before() override {
    require_own_heap();
    test_ = ::new Test();  // not with a new of its own
  }
  void thread(unsigned index) override { test_->thread(index); }
  void after() override {
    if constexpr (requires(Test& t) { t.after(); }) test_->after();
    ::delete test_;
  }
  [[nodiscard]] bool may_share_nothing() const override { return model::may_share_nothing<Test>; }
  [[nodiscard]] const void* state() const override { return test_; }

 private:
  Test* test_ = nullptr;
};

/// A program that makes a State for each execution, and calls each body with it in a thread of its
/// own; then `after()` of the state, if there is one.
template <class State, class... Bodies>
class bodies_program final : public program {
  static_assert(sizeof...(Bodies) <= most_threads);

 public:
  explicit bodies_program(Bodies... bodies) : bodies_(std::move(bodies)...) {}

  [[nodiscard]] unsigned threads() const override { return sizeof...(Bodies); }
  void before() override {
    require_own_heap();
    state_ = ::new State();
  }
  void thread(unsigned index) override {
    call(index, std::make_index_sequence<sizeof...(Bodies)>());
  }
  void after() override {
    if constexpr (requires(State& s) { s.after(); }) state_->after();
    ::delete state_;
  }
  [[nodiscard]] bool may_share_nothing() const override { return model::may_share_nothing<State>; }
  [[nodiscard]] const void* state() const override { return state_; }

 private:
  template <std::size_t... Indices>
  void call(unsigned index, std::index_sequence<Indices...>) {
    (void)((Indices == index && ((void)std::get<Indices>(bodies_)(*state_), true)) || ...);
  }

  std::tuple<Bodies...> bodies_;
  State* state_ = nullptr;
};

/// Explores the program as the arguments of the command line say, prints the result to stderr, and
/// returns the exit status: 0 if every execution was visited and none failed; 1 if one failed, or a
/// limit ended the search before; 2 for wrong arguments, or if a file cannot be written. `--help` lists the options.
int check(std::string_view name, program& p, int argc, const char* const* argv);

template <class Test>
int check(std::string_view name, int argc, const char* const* argv) {
  test_program<Test> p;
  return model::check(name, p, argc, argv);
}
template <class State, class... Bodies>
  requires(sizeof...(Bodies) > 0)
int check(std::string_view name, int argc, const char* const* argv, Bodies... bodies) {
  bodies_program<State, Bodies...> p(std::move(bodies)...);
  return model::check(name, p, argc, argv);
}

/// The same for those who look at the result themselves, in a test of another framework say.
template <class Test>
explore_result explore(const explore_options& options = {}) {
  test_program<Test> p;
  return model::explore(p, options);
}
template <class State, class... Bodies>
  requires(sizeof...(Bodies) > 0)
explore_result explore(const explore_options& options, Bodies... bodies) {
  bodies_program<State, Bodies...> p(std::move(bodies)...);
  return model::explore(p, options);
}

}  // namespace runnel::model
