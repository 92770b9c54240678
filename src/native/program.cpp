// SPDX-License-Identifier: MIT
#include "program.hpp"

#include "imports.hpp"
#include "leaks.hpp"
#include "names.hpp"

#include <sys/single_threaded.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace runnel::model::native {

namespace {

/// As each execution begins: with threads, so that code which asks leaves out nothing; with a buffer of the
/// output that no execution has allocated.
image prepared_image(const allowed_functions& allowed, bool is_busy) {
  if (is_busy) throw std::logic_error("a program is explored already");
  __libc_single_threaded = 0;
  static std::array<char, BUFSIZ> output;
  setvbuf(stdout, output.data(), _IOLBF, output.size());
  refuse_unknown_imports(allowed);
  return {};
}

}  // namespace

native_program::native_program(std::function<void()> main, const native_options& options)
    : cuts_polls(options.cuts_polls),
      may_exit(options.may_exit),
      may_leak(options.may_leak),
      memory(allowed_functions(options.tolerated_races)),
      main_(std::move(main)),
      image_(prepared_image(allowed_functions(options.allowed_functions), only_ != nullptr)),
      breakpoints_(allowed_functions(options.allowed_functions)) {
  if (image::has_thread_locals()) pointers_ = &thread_pointers::of_process();
  know_names();
  only_ = this;
}

native_program::~native_program() {
  image_.restore();
  std::set_terminate(terminate_of_process_);
  only_ = nullptr;
}

std::string native_program::how_to_share() const {
  return "What threads share has to be used, and they have to be started, by code that is compiled "
         "with -fsanitize=thread";
}

void native_program::before() {
  image_.restore();
  // The library's own notes that it was called, and does something else the next time.
  std::set_terminate(std::abort);
  team.reset();
  blocks.reset();
  memory.reset();
  objects.reset();
  keys.reset();
  if (pointers_ != nullptr) {
    pointers_->reset();
    pointers_->point_to(0);
  }
  runnel_notes_calls = execution::current().recording();
  team[0].body = [](void* p) -> void* {
    (*static_cast<std::function<void()>*>(p))();
    return nullptr;
  };
  team[0].argument = &main_;
  team.run(0, begin_main, &team[0]);
}

/// What main leaves: variables, also those of its thread, and what it holds under keys. They have the last values of
/// atomics, as their stores see to.
void native_program::all_have_ended() {
  if (may_leak || !execution::current().has_live_blocks()) return;
  std::vector<image::range> roots = image_.writable();
  const image::thread_locals of_main = image::of_libraries();  // main runs: its own are among them
  roots.push_back({of_main.begin, of_main.end});
  std::vector<void*> held;
  for (const auto& [key, value] : team[0].held_at_keys) held.push_back(value);
  roots.push_back({reinterpret_cast<std::uintptr_t>(held.data()),
                   reinterpret_cast<std::uintptr_t>(held.data() + held.size())});
  require_no_leaks(blocks, roots);
}

/// Neither in a stack nor in the heap.
void native_program::require_own_elsewhere(std::uintptr_t address, place where) const {
  constexpr std::uintptr_t never_mapped = 0x10000;  // what is written there crashes by itself
  if (image_.has(address) || address < never_mapped || is_exchanged(address) ||
      thread_local_at(address))
    return;
  execution::current().fail(
      "unsupported",
      "what is changed at " + text_of(where) +
          " was there before the search: a variable outside of the function that is explored, "
          "or memory "
          "that was allocated before. It would not begin anew with the next execution");
}

std::vector<program::caller> native_program::callers(unsigned thread) const {
  constexpr std::size_t most = 10;
  std::vector<caller> all;
  const std::vector<std::uintptr_t>& calls = team[thread].calls;
  for (auto c = calls.rbegin(); c != calls.rend() && all.size() < most; ++c) {
    if (std::string function = caller_of_return(*c); !function.empty())
      all.push_back({place_of_return(*c), std::move(function)});
  }
  return all;
}

void native_program::switches(unsigned from, unsigned to) {
  if (pointers_ == nullptr) {
    if (to < max_threads) team.switches(from, to);
  } else if (to < max_threads) {
    pointers_->point_to(to);
  } else {
    pointers_->point_back();
  }
}

}  // namespace runnel::model::native
