// SPDX-License-Identifier: MIT
//
// A program that was not written for the explorer, as one to explore: thread 0 runs a function of it.
#pragma once

#include "image.hpp"
#include "shadow.hpp"
#include "sync.hpp"
#include "threads.hpp"

#include <runnel/model/native.hpp>

#include <functional>

namespace runnel::model::native {

class native_program final : public program {
 public:
  native_program(std::function<void()> main, const native_options& options);
  ~native_program() override;
  native_program(const native_program&) = delete;
  native_program& operator=(const native_program&) = delete;

  /// The one that is explored.
  static native_program& only() { return *only_; }

  [[nodiscard]] unsigned threads() const override { return 0; }
  void before() override;
  void thread(unsigned index) override { (void)index; }
  void after() override {}
  [[nodiscard]] bool may_share_nothing() const override { return false; }
  [[nodiscard]] bool looks_for_leaks() const override { return false; }
  void switches(unsigned from, unsigned to) override { team.switches(from, to); }
  void interrupted() noexcept override { runnel_inside = nullptr; }

  const bool cuts_polls;
  const image::thread_locals exchanged = image::of_libraries();
  native::threads team;
  shadow memory;
  sync_objects objects;

 private:
  static inline constinit native_program* only_ = nullptr;
  std::function<void()> main_;
  image image_;
};

}  // namespace runnel::model::native
