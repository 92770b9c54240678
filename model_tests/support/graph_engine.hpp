// SPDX-License-Identifier: MIT
//
// The explorer as an engine of checks: visits every execution of a test on graph_platform.
#pragma once

#include "check.hpp"
#include "composed_platform.hpp"
#include "graph_platform.hpp"

#include <runnel/model/explore.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace runnel::check {

/// Throws std::invalid_argument for any other search than a full one, and for a replay that is not
/// one of this engine's.
result search_graphs(model::program& program, const search& search, const options& options);

/// A test object for each execution; it lives in the execution's memory, so that it can be dropped.
template <class Test>
class graph_test final : public model::program {
  static_assert(Test::threads <= max_threads);

 public:
  explicit graph_test(const typename Test::config& config) : config_(config) {}

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

template <class Platform, template <class> class Test>
result run_on_graphs(const typename Test<Platform>::config& config, const search& search,
                     const options& options) {
  graph_test<Test<Platform>> program(config);
  result r = search_graphs(program, search, options);
  if constexpr (requires { Platform::stand_ins; }) {
    std::erase_if(r.sites, [](const std::string& site) {
      return std::ranges::find(Platform::stand_ins, site) != Platform::stand_ins.end();
    });
  }
  return r;
}

}  // namespace runnel::check
