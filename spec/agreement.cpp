// SPDX-License-Identifier: MIT
#include "agreement.h"

#include "agreement_rules.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace runnel::spec::agreement {
namespace {

std::uint64_t pairs = 0;
std::uint64_t labels = 0;

void print_numbers() {
  std::printf("compared %llu labels in %llu pairs of states\n",
              static_cast<unsigned long long>(labels), static_cast<unsigned long long>(pairs));
}

std::uint8_t byte_of(std::size_t number) {
  if (number > CPP_UNBOUNDED) std::abort();
  return static_cast<std::uint8_t>(number);
}

/// Field by field, since padding would tell equal states apart. The structured binding does not
/// compile if the state has a field more.
void write(unsigned char* to, const state& s) {
  const auto& [capacity, senders, receivers, buffer, size, stop_requested, closed] = s;
  static_assert(CPP_BYTES == 6 + sizeof(buffer));
  *to++ = byte_of(capacity.value_or(CPP_UNBOUNDED));
  *to++ = byte_of(senders);
  *to++ = byte_of(receivers);
  *to++ = byte_of(size);
  *to++ = byte_of(stop_requested ? 1 : 0);
  *to++ = byte_of(closed ? 1 : 0);
  for (const std::uint8_t message : buffer) *to++ = message;
}

state read(const unsigned char* from) {
  state s;
  if (from[0] != CPP_UNBOUNDED) s.capacity = from[0];
  s.senders = from[1];
  s.receivers = from[2];
  s.size = from[3];
  s.stop_requested = from[4] != 0;
  s.closed = from[5] != 0;
  for (std::uint8_t& message : s.buffer) message = *(from++ + 6);
  return s;
}

call label(int operation, int answer, int message) {
  return {static_cast<op>(operation), static_cast<response>(answer),
          static_cast<std::uint8_t>(message)};
}

}  // namespace
}  // namespace runnel::spec::agreement

using namespace runnel::spec::agreement;

void cpp_begin(unsigned char* to, int capacity, int senders, int receivers, int most) {
  runnel::spec::state s;
  if (most != static_cast<int>(runnel::spec::state::most)) {
    std::printf("the model buffers %d messages, the C++ state %d\n", most,
                static_cast<int>(runnel::spec::state::most));
    std::exit(1);
  }
  if (capacity != CPP_UNBOUNDED) s.capacity = static_cast<std::size_t>(capacity);
  s.senders = static_cast<unsigned>(senders);
  s.receivers = static_cast<unsigned>(receivers);
  write(to, s);
  std::atexit(print_numbers);
}

int cpp_allows_step(const unsigned char* from, int operation, int answer, int message) {
  ++labels;
  runnel::spec::state s = read(from);
  return allowed_step(s, label(operation, answer, message)) ? 1 : 0;
}

int cpp_allows_joint(const unsigned char* from, int operation, int answer, int message,
                     int other_operation, int other_answer, int other_message) {
  ++labels;
  return allowed_joint(read(from), label(operation, answer, message),
                       label(other_operation, other_answer, other_message))
             ? 1
             : 0;
}

void cpp_take(unsigned char* to, int operation, int answer, int message) {
  runnel::spec::state s = read(to);
  if (!allowed_step(s, label(operation, answer, message))) std::abort();
  write(to, s);
}

void cpp_new_pair(void) { ++pairs; }
