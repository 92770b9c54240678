// SPDX-License-Identifier: MIT
//
// A program that was not written for the explorer, as one to explore: thread 0 runs a function of it.
#pragma once

#include "image.hpp"
#include "shadow.hpp"
#include "sync.hpp"
#include "thread_pointers.hpp"
#include "threads.hpp"

#include <runnel/model/native.hpp>

#include <functional>
#include <optional>

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
  void switches(unsigned from, unsigned to) override;
  void interrupted() noexcept override { runnel_inside = nullptr; }

  const bool cuts_polls;
  /// Whether libraries keep something there for each thread.
  [[nodiscard]] bool is_exchanged(std::uintptr_t address) const {
    return pointers_ ? pointers_->is_of_libraries(address) : exchanged_.contain(address);
  }
  [[nodiscard]] std::optional<thread_pointers::variable> thread_local_at(std::uintptr_t p) const {
    return pointers_ ? pointers_->variable_at(p) : std::nullopt;
  }
  native::threads team;
  shadow memory;
  sync_objects objects;

 private:
  static inline constinit native_program* only_ = nullptr;
  const image::thread_locals exchanged_ = image::of_libraries();
  std::function<void()> main_;
  image image_;
  std::optional<thread_pointers> pointers_;  // if the program has thread_local variables
};

}  // namespace runnel::model::native
