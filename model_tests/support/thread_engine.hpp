// SPDX-License-Identifier: MIT
//
// Real threads as an engine of checks: runs a test again and again, with the atomics that ship.
//
// The threads of an execution start at once; between their calls they are delayed at random. Nothing
// is exhaustive, and what was found can be run again only with the same seed and some luck. An
// execution that gets no further is a failure that says which thread is in which call.
//
// A failed execution cannot be left in the middle: its threads, and what they use, stay until the
// process ends.
#pragma once

#include "check.hpp"
#include "thread_platform.hpp"

#include <memory>

namespace runnel::check {

/// Calls `before`, then `thread` for all threads at once, then `after`, for each execution.
class thread_test {
 public:
  thread_test() = default;
  thread_test(const thread_test&) = delete;
  thread_test& operator=(const thread_test&) = delete;
  virtual ~thread_test() = default;

  [[nodiscard]] virtual unsigned threads() const = 0;
  virtual void before() = 0;
  virtual void thread(unsigned index) = 0;
  virtual void after() = 0;
};

/// Takes random searches only: so many executions, or as many as there is time for: half a second, and
/// a quarter of a millisecond for each. Throws std::invalid_argument for another search, and for a replay.
result run_threads(std::unique_ptr<thread_test>, const search&, const options&);

template <template <class> class Test>
result run_on_threads(const typename Test<thread_platform>::config& config, const search& s,
                      const options& o) {
  using test = Test<thread_platform>;
  static_assert(test::threads <= max_threads);
  class repeated final : public thread_test {
   public:
    explicit repeated(const typename test::config& c) : config_(c) {}
    [[nodiscard]] unsigned threads() const override { return test::threads; }
    void before() override {
      test_ = std::make_unique<test>(config_);
      test_->before();
    }
    void thread(unsigned index) override { test_->thread(index); }
    void after() override {
      test_->after();
      test_.reset();
    }

   private:
    const typename test::config config_;  // a copy, since threads that hang outlive the run
    std::unique_ptr<test> test_;
  };
  return run_threads(std::make_unique<repeated>(config), s, o);
}

}  // namespace runnel::check
