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
  for (unsigned t = 0; t < max_threads; ++t)
    mprotect(top(t) - stack_size, stack_size, PROT_READ | PROT_WRITE);
}

threads::~threads() { munmap(base_, max_threads * stride); }

void threads::reset() {
  for (unsigned t = 0; t < max_threads; ++t) {
    thread_of_program& thread = all_[t];
    const bool is_known = thread.body != nullptr || thread.body_of_c != nullptr;
    if (thread.door.sp == nullptr && !is_known) continue;
    clean_stack(t);
    begin_anew(t);
  }
}

void threads::begin_anew(unsigned thread) {
  thread_of_program& t = all_[thread];
  loop_states states = std::move(t.states);
  states.clear();
  t = {};
  t.states = std::move(states);
}

/// What an earlier execution has left there is not to be seen in the states of this one. Frames follow each
/// other: below two pages of zeros there is nothing.
void threads::clean_stack(unsigned thread) {
  constexpr std::size_t page = 4096;
  static constexpr std::array<std::byte, page> zeros{};
  std::byte* const bottom = top(thread) - stack_size;
  unsigned clean = 0;
  for (std::byte* p = top(thread) - page; p >= bottom && clean < 2; p -= page) {
    if (std::memcmp(p, zeros.data(), page) == 0) {
      ++clean;
    } else {
      clean = 0;
      std::memset(p, 0, page);
    }
  }
}

void threads::changes(unsigned thread, std::uintptr_t address, std::size_t size) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  const unsigned owner = with_stack_around(address);
  bool acts = owner != thread;
  for (std::uintptr_t p = address / word * word; owner != max_threads && p < address + size;
       p += word) {
    const auto* const w = reinterpret_cast<const std::uint64_t*>(p);
    if (owner != thread) all_[owner].states.leave_out(w);
    acts = acts || all_[owner].states.is_left_out(w);
  }
  if (acts) all_[thread].states.clear();
}

void* threads::run(unsigned thread, void* (*function)(void*), void* argument) {
  return runnel_go_out(&all_[thread].door, function, argument, top(thread));
}

void threads::switches(unsigned from, unsigned to) {
  // Declared by libstdc++ for its own use alone, and exported for that.
  all_[from].error = std::exchange(errno, all_[to].error);
  all_[from].once_callable = std::exchange(std::__once_callable, all_[to].once_callable);
  all_[from].once_call = std::exchange(std::__once_call, all_[to].once_call);
}

}  // namespace runnel::model::native
