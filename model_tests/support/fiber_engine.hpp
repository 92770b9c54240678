// SPDX-License-Identifier: MIT
//
// The fiber engine: runs a test on fiber_platform, on as many seeded random schedules as asked for.
// Each execution has a seed of its own, which is also the way to replay it: "seed:<number>".
#pragma once

#include "check.hpp"
#include "fiber_platform.hpp"
#include "fiber_run.hpp"

namespace runnel::check {

/// Throws std::invalid_argument for any other search than a random one, and for a replay that is
/// not one of this engine's.
result search_on_fibers(fiber_program& program, const search& search, const options& options);

/// A test object for each execution; it lives in the execution's memory, so that it can be dropped.
template <class Test>
class fiber_test final : public fiber_program {
  static_assert(Test::threads <= max_threads);

 public:
  explicit fiber_test(const typename Test::config& config) : config_(config) {}

  [[nodiscard]] unsigned threads() const override { return Test::threads; }
  void before() override {
    test_ = new Test(config_);
    test_->before();
  }
  void thread(unsigned index) override { test_->thread(index); }
  void after() override {
    test_->after();
    delete test_;
  }

 private:
  const typename Test::config& config_;
  Test* test_ = nullptr;
};

template <template <class> class Test>
result run_on_fibers(const typename Test<fiber_platform>::config& config, const search& search,
                     const options& options) {
  fiber_test<Test<fiber_platform>> program(config);
  return search_on_fibers(program, search, options);
}

}  // namespace runnel::check
