// SPDX-License-Identifier: MIT
//
// A program that was not written for the explorer, as one to explore: thread 0 runs a function of it.
#pragma once

#include "breakpoints.hpp"
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

/// What the program has allocated in this execution, and where.
class heap_blocks {
 public:
  struct block {
    std::uintptr_t begin;
    std::size_t size;
    place where;
  };
  void reset() { all_.clear(); }
  void add(std::uintptr_t begin, std::size_t size, place where) {
    all_.push_back({begin, size, where});
  }
  /// The one around the address, or null. Nothing is given out twice.
  [[nodiscard]] const block* around(std::uintptr_t address) const {
    const auto has_it = [address](const block& b) { return address - b.begin < b.size; };
    const auto b = std::ranges::find_if(all_, has_it);
    return b == all_.end() ? nullptr : &*b;
  }

 private:
  std::vector<block> all_;
};

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
  [[nodiscard]] std::string left_out() const override {
    return cuts_polls ? "in which what is polled changes between two polls" : "";
  }
  [[nodiscard]] std::string arguments() const override { return called_with; }
  void interrupted() noexcept override { runnel_inside = nullptr; }
  [[nodiscard]] std::vector<caller> callers(unsigned thread) const override;

  const bool cuts_polls;
  const bool may_exit;
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
  void require_own(std::uintptr_t address, place where) const;

  native::threads team;
  heap_blocks blocks;
  shadow memory;
  sync_objects objects;
  thread_keys keys;

 private:
  static inline constinit native_program* only_ = nullptr;
  const image::thread_locals exchanged_ = image::of_libraries();
  std::function<void()> main_;
  image image_;
  const breakpoints breakpoints_;
  std::terminate_handler terminate_of_process_ = std::get_terminate();
  thread_pointers* pointers_ = nullptr;  // if the program has thread_local variables
};

}  // namespace runnel::model::native
