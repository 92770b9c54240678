// SPDX-License-Identifier: MIT
//
// A program that was not written for the explorer, as one to explore: thread 0 runs a function of it.
#pragma once

#include "allowed.hpp"
#include "breakpoints.hpp"
#include "heap_blocks.hpp"
#include "image.hpp"
#include "keys.hpp"
#include "shadow.hpp"
#include "sync.hpp"
#include "thread_pointers.hpp"
#include "threads.hpp"

#include <runnel/model/native.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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
  void all_have_ended() override;
  [[nodiscard]] bool may_share_nothing() const override { return false; }
  [[nodiscard]] std::string name_of_before() const override { return "main"; }
  [[nodiscard]] std::string how_to_share() const override;
  [[nodiscard]] bool looks_for_leaks() const override { return false; }
  void switches(unsigned from, unsigned to) override;
  [[nodiscard]] std::string left_out() const override {
    return cuts_polls ? "in which what is polled changes between two polls" : "";
  }
  [[nodiscard]] std::string arguments() const override { return called_with; }
  void interrupted() noexcept override { runnel_inside = nullptr; }
  [[nodiscard]] std::vector<caller> callers(unsigned thread) const override;

  const bool cuts_polls;
  const bool may_exit;
  const bool may_leak;
  std::string called_with;  ///< as a command line has it
  /// Whether libraries keep something there for each thread.
  [[nodiscard]] bool is_exchanged(std::uintptr_t address) const {
    return pointers_ != nullptr ? pointers_->is_of_libraries(address) : exchanged_.contain(address);
  }
  [[nodiscard]] std::optional<thread_pointers::variable> thread_local_at(std::uintptr_t p) const {
    return pointers_ != nullptr ? pointers_->variable_at(p) : std::nullopt;
  }
  /// What lies there does not begin anew with each execution, for it is a library's own.
  [[nodiscard]] bool is_of_library(const void* p) const {
    return image_.has_in_library(reinterpret_cast<std::uintptr_t>(p));
  }
  /// Fails if what lies there is changed in all executions that come: it is none of what each begins with anew.
  void require_own(std::uintptr_t address, place where) const {
    if (team.with_stack_around(address) == max_threads &&
        !execution::current().owns(reinterpret_cast<const void*>(address)))
      require_own_elsewhere(address, where);
  }

  native::threads team;
  heap_blocks blocks;
  shadow memory;
  sync_objects objects;
  thread_keys keys;

 private:
  void require_own_elsewhere(std::uintptr_t address, place where) const;

  static inline constinit native_program* only_ = nullptr;
  const image::thread_locals exchanged_ = image::of_libraries();
  std::function<void()> main_;
  image image_;
  const breakpoints breakpoints_;
  std::terminate_handler terminate_of_process_ = std::get_terminate();
  thread_pointers* pointers_ = nullptr;  // if the program has thread_local variables
};

}  // namespace runnel::model::native
