// SPDX-License-Identifier: MIT
//
// What the functions of the C library and of POSIX threads that are ours have in common.
#pragma once

#include "entries.hpp"

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>

namespace runnel::model::native {

inline std::uintptr_t address_of(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

/// To use an object of the system is to read it: whoever makes or frees it is checked against that.
inline void touch(const void* p, place where) {
  call::program().memory.read(address_of(p), 1, where);
}

/// Memory of the program becomes an object of the system, or ends to be one.
inline void claim(const void* p, std::size_t size, place where) {
  call::program().memory.write(address_of(p), size, where);
  call::program().require_own(address_of(p), where);
}
/// A result, where the program wants it.
template <class T>
void give_back(T* out, T value, place where) {
  const auto* const memory = static_cast<const void*>(out);
  claim(memory, sizeof(T), where);
  call::program().team.changes(call::thread(), address_of(memory), sizeof(T));
  *out = value;
}

/// The thread uses what it must not.
[[noreturn]] inline void misuse(const char* kind, const std::string& does, place where) {
  fail(kind, thread_name(this_thread()) + ' ' + does + ", at " + text_of(where));
}
[[noreturn]] inline void unsupported(const call& c, const std::string& what) {
  execution::current().fail("unsupported", what + " at " + text_of(c.where()));
}

// ---- Time: of each thread a clock of its own

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::int64_t first_time = 1'000'000 * second;

inline std::int64_t now_of(thread_of_program& t) {
  constexpr std::int64_t look = 1000;
  t.time += look;
  return first_time + t.time;
}
inline void jump_to(thread_of_program& t, const timespec& deadline) {
  const std::int64_t then = deadline.tv_sec * second + deadline.tv_nsec - first_time;
  t.time = std::max(t.time, then);
}
inline timespec timespec_of(std::int64_t ns) {
  return {.tv_sec = ns / second, .tv_nsec = ns % second};
}
inline void sleep_for(std::int64_t ns) { call::me().time += ns; }

/// What waits, unless its time is over: a choice, also where it need not wait.
template <class F>
int until(const timespec& deadline, place where, F wait) {
  execution::current().comes_to(where);
  if (!time_is_over()) return wait();
  jump_to(call::me(), deadline);
  return ETIMEDOUT;
}

}  // namespace runnel::model::native

// NOLINTBEGIN
/// Who is not the program gets the function of the C library.
#define PASS(name, ...) \
  if (!c.of_program()) return behind<decltype(name)>(#name)(__VA_ARGS__);
/// The begin of most.
#define ENTER(name, ...)  \
  const call c;           \
  PASS(name, __VA_ARGS__) \
  call::acts();
// NOLINTEND
