// SPDX-License-Identifier: MIT
//
// Litmus programs on the explorer.
#pragma once

#include "observations.hpp"
#include "program.hpp"

#include <runnel/model/atomic.hpp>
#include <runnel/model/explore.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace runnel::litmus {

/// Who starts the threads of a program.
enum class started : std::uint8_t {
  by_the_check,
  by_one_thread,  ///< that does nothing else
  in_a_chain,     ///< each by the one before, which joins it when it has done its part
};

class explored final : public model::program {
 public:
  explicit explored(const litmus::program& p, started how = started::by_the_check);

  [[nodiscard]] unsigned threads() const override {
    return how_ == started::by_the_check ? static_cast<unsigned>(program_.threads.size()) : 1;
  }
  /// What the explorer calls a thread of the program.
  [[nodiscard]] unsigned number_of(unsigned index) const {
    return index + (how_ == started::by_one_thread ? 2 : 1);
  }
  void before() override;
  void thread(unsigned index) override;
  void after() override;
  [[nodiscard]] bool may_share_nothing() const override {
    return true;
  }  // numbers say what was seen

  /// Of the execution that ran last.
  [[nodiscard]] bool finished(unsigned index) const { return finished_[index]; }
  /// Of all complete executions so far.
  [[nodiscard]] std::set<std::string> seen() const { return observed_.texts(); }

 private:
  class explorer_machine;
  static constexpr std::size_t most_locations = 20;

  model::atomic<int>& at(unsigned location);
  void do_part(unsigned index);
  void start_all();
  void start_chain(unsigned index);

  const litmus::program& program_;
  started how_;
  std::array<bool, model::most_threads> finished_{};
  // An execution may end anywhere, so the atomics are not destroyed by anybody but the program.
  alignas(model::atomic<int>)
      std::array<std::byte, most_locations * sizeof(model::atomic<int>)> storage_{};
  observations observed_;
};

struct result {
  std::uint64_t executions = 0;
  std::set<std::string> outcomes;
  std::string failure;  ///< empty if the search has seen everything
};
result explore(const program& p, model::memory_model m = model::memory_model::rc11);

/// What is wrong with the result; empty if nothing.
std::string differences(const program& p, const result& r);

}  // namespace runnel::litmus
