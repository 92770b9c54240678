// SPDX-License-Identifier: MIT
//
// What the functions of the C library and of POSIX threads that are ours have in common.
#pragma once

#include "entries.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>

namespace runnel::model::native {

inline std::uintptr_t address_of(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

/// To use an object of the system is to read it: whoever makes or frees it is checked against that.
inline void touch(const void* p, place where) {
  call::program().memory.read(address_of(p), 1, where);
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
