// SPDX-License-Identifier: MIT
//
// The explorer as an engine of checks: visits every execution of a test on graph_platform.
#pragma once

#include "check.hpp"
#include "composed_platform.hpp"
#include "graph_platform.hpp"
#include "program.hpp"

#include <runnel/model/explore.hpp>

#include <span>
#include <stdexcept>

namespace runnel::check {

/// Throws std::invalid_argument for any other search than a full one, and for a replay that is not
/// one of this engine's.
result search_graphs(model::program& program, const search& search, const options& options);

/// The sites of simpler parts are not those that ship: the result came to none of them, and what they
/// order has the name of the part.
void name_the_parts(result& r, std::span<const stand_in> parts);

/// A test object for each execution; it lives in the execution's memory, so that it can be dropped.
template <class Test>
class graph_test final : public model::program {
  static_assert(Test::threads <= max_threads);

 public:
  explicit graph_test(const typename Test::config& config) : config_(config) {}

  [[nodiscard]] unsigned threads() const override { return Test::threads; }
  void before() override {
    attempt::forget_all();
    test_ = new Test(config_);
    test_->before();
  }
  void thread(unsigned index) override { test_->thread(index); }
  void after() override {
    test_->after();
    delete test_;
  }
  [[nodiscard]] bool may_share_nothing() const override { return model::may_share_nothing<Test>; }

 private:
  const typename Test::config& config_;
  Test* test_ = nullptr;
};

/// Throws std::invalid_argument if drops are to be in an order that they do not have.
template <class Config>
void check_drops(const Config& config, const search& search) {
  if (!search.reductions.has(reduction::drops)) return;
  if constexpr (requires { config.are_alike(role::sender); }) {
    if (config.are_alike(role::sender) || config.are_alike(role::receiver)) return;
  }
  throw std::invalid_argument(
      "drops cannot be put in order: no threads are alike and drop handles");
}

template <class Platform, template <class> class Test>
result run_on_graphs(const typename Test<Platform>::config& config, const search& search,
                     const options& options) {
  check_drops(config, search);
  graph_test<Test<Platform>> program(config);
  result r = search_graphs(program, search, options);
  if constexpr (requires { Platform::stand_ins; }) name_the_parts(r, Platform::stand_ins);
  return r;
}

}  // namespace runnel::check
