// SPDX-License-Identifier: MIT
#include "threads.hpp"

#include "program.hpp"

#include "model/execution.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

namespace runnel::model::native {

threads::threads() {
  void* const p = mmap(nullptr, max_threads * stride, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  base_ = static_cast<std::byte*>(p);
}

void threads::open(unsigned thread) {
  if (std::exchange(opened_[thread], true)) return;
  mprotect(top(thread) - stack_size, stack_size, PROT_READ | PROT_WRITE);
}

threads::~threads() { munmap(base_, max_threads * stride); }

void threads::reset() {
  for (unsigned t = 0; t < max_threads; ++t) {
    thread_of_program& thread = all_[t];
    const bool is_known = thread.body != nullptr || thread.body_of_c != nullptr;
    if (thread.door.sp == nullptr && !is_known) continue;
    clean_stack(t);
    thread.begin_anew();
  }
}

/// It keeps its memory; and that of `unwinding` is set by who unwinds.
void thread_of_program::begin_anew() {
  static_cast<numbers_of_thread&>(*this) = {};
  door.clean = clean;
  states.clear();
  at_its_exit.clear();
  held_at_keys.clear();
  shared_again.clear();
  calls.clear();
  name.clear();
}

/// What an earlier execution has left there is not to be seen in this one. How far down the program has come is known
/// where it has called us, not beyond: below the lowest of these calls some bytes are cleaned, for functions that call
/// nobody. An execution that comes further down than what is cleaned is begun anew, with twice as much cleaned.
void threads::clean_stack(unsigned thread) {
  if (!opened_[thread]) return;
  constexpr std::uintptr_t beyond = 512;
  thread_of_program& t = all_[thread];
  const auto end = reinterpret_cast<std::uintptr_t>(top(thread));
  const std::uintptr_t lowest = std::min(t.door.lowest, end);
  const std::uintptr_t depth = lowest < t.door.clean ? 2 * (end - lowest) : end - lowest + beyond;
  const std::uintptr_t known = t.clean == 0 ? 0 : end - t.clean;
  const std::uintptr_t size = std::min<std::uintptr_t>(std::max(depth, known), stack_size);
  t.clean = end - size;
  std::memset(top(thread) - size, 0, size);
}

void threads::changes_stack(unsigned thread, unsigned owner, std::uintptr_t address,
                            std::size_t size) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  bool acts = owner != thread;
  for (std::uintptr_t p = address / word * word; p < address + size; p += word) {
    const auto* const w = reinterpret_cast<const std::uint64_t*>(p);
    if (owner != thread) all_[owner].states.leave_out(w);
    acts = acts || all_[owner].states.is_left_out(w);
  }
  if (acts) all_[thread].states.clear();
}

void* threads::run(unsigned thread, void* (*function)(void*), void* argument) {
  open(thread);
  return runnel_go_out(&all_[thread].door, function, argument, top(thread));
}

void threads::switches(unsigned from, unsigned to) {
  // Declared by libstdc++ for its own use alone, and exported for that.
  all_[from].error = std::exchange(errno, all_[to].error);
  all_[from].once_callable = std::exchange(std::__once_callable, all_[to].once_callable);
  all_[from].once_call = std::exchange(std::__once_call, all_[to].once_call);
}

}  // namespace runnel::model::native
