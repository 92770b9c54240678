// SPDX-License-Identifier: MIT
//
// Programs of threads that share plain data and the flags that may publish it.
#pragma once

#include "machine.hpp"
#include "variable.hpp"

#include <runnel/model/atomic.hpp>
#include <runnel/model/explore.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace runnel::litmus {

struct shared {
  model::atomic<int> flag{0};
  model::atomic<int> other{0};
  variable<int> data{0};
};

class racing : public model::program {
 public:
  using body = std::function<void(shared&)>;
  explicit racing(std::vector<body> threads, body last = {})
      : threads_(std::move(threads)), last_(std::move(last)) {}

  [[nodiscard]] unsigned threads() const override { return static_cast<unsigned>(threads_.size()); }
  void before() override { std::construct_at(&all()); }
  void thread(unsigned index) override { threads_[index](all()); }
  void after() override {
    if (last_) last_(all());
    std::destroy_at(&all());
  }

 protected:
  shared& all() { return *reinterpret_cast<shared*>(storage_.data()); }

 private:
  std::vector<body> threads_;
  body last_;
  alignas(shared) std::array<std::byte, sizeof(shared)> storage_{};
};

}  // namespace runnel::litmus
