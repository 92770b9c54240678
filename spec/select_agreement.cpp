// SPDX-License-Identifier: MIT
#include "select_agreement.h"

#include "select_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace runnel::spec::agreement {
namespace {

using call_type = basic_select<6, std::uint8_t>;
using kind = call_type::kind;
constexpr std::uint8_t unbounded = 255;

std::uint64_t pairs = 0;
std::uint64_t labels = 0;

void print_numbers() {
  std::printf("compared %llu labels in %llu pairs of states\n",
              static_cast<unsigned long long>(labels), static_cast<unsigned long long>(pairs));
}

/// Writes fields as bytes, since padding would tell equal states apart. The structured bindings do not
/// compile if a type has a field more.
class writer {
 public:
  explicit writer(unsigned char* to) : at_(to), end_(to + CPP_SELECT_BYTES) {}

  void state(const select_state& s) {
    const auto& [world, calls] = s;
    const auto& [channels, timer] = world;
    for (const auto& c : channels) channel(c);
    const auto& [due, comes, again] = timer;
    number(static_cast<unsigned>(due) + 2U * static_cast<unsigned>(comes) +
           4U * static_cast<unsigned>(again));
    for (const auto& c : calls) call(c);
    if (at_ != end_) std::abort();
  }

 private:
  void channel(const basic_state<2, std::uint8_t>& c) {
    const auto& [capacity, senders, receivers, buffer, size, stop_requested, closed] = c;
    number(capacity.value_or(unbounded));
    number(senders + 16 * receivers);
    number(size);
    number((stop_requested ? 1U : 0U) + (closed ? 2U : 0U));
    for (const std::uint8_t message : buffer) number(message);
  }
  void call(const call_type& s) {
    const auto& [cases, how, biased, ending, over] = s;
    unsigned there = 0;
    unsigned seen = 0;
    unsigned sent = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const auto& [is, channel, value, is_sent, is_seen] = cases[i];
      there |= (is != kind::none ? 1U : 0U) << i;
      seen |= (is_seen ? 1U : 0U) << i;
      sent |= (is_sent ? 1U : 0U) << i;
    }
    number(there);
    number(seen);
    number(sent);
    number(static_cast<unsigned>(how) + 16U * (biased ? 1U : 0U) + 32U * (over ? 1U : 0U));
    number(ending ? static_cast<unsigned>(*ending) : unbounded);
  }
  void number(std::size_t n) {
    if (n > 255 || at_ == end_) std::abort();
    *at_++ = static_cast<unsigned char>(n);
  }

  unsigned char* at_;
  unsigned char* const end_;
};

call_type call_of(std::size_t number, unsigned there) {
  call_type s;
  for (std::size_t i = 0; i < s.cases.size(); ++i) {
    if (((there >> i) & 1U) == 0) continue;
    auto& c = s.cases[i];
    c.is = i == 4       ? kind::fires
           : i == 5     ? kind::is_closed
           : i % 2 == 0 ? kind::sends
                        : kind::receives;
    c.channel = i >= 4 ? 0 : i / 2;
    if (c.is == kind::sends) c.value = static_cast<std::uint8_t>(number + 1);
  }
  return s;
}

select_state read(const unsigned char* from) {
  select_state s;
  for (auto& c : s.world.channels) {
    if (from[0] != unbounded) c.capacity = from[0];
    c.senders = from[1] % 16;
    c.receivers = from[1] / 16;
    c.size = from[2];
    c.stop_requested = (from[3] & 1U) != 0;
    c.closed = (from[3] & 2U) != 0;
    c.buffer = {from[4], from[5]};
    from += 6;
  }
  const unsigned timer = *from++;
  s.world.timer = {(timer & 1U) != 0, (timer & 2U) != 0, (timer & 4U) != 0};
  for (std::size_t k = 0; k < s.calls.size(); ++k, from += 5) {
    call_type& c = s.calls[k] = call_of(k, from[0]);
    for (std::size_t i = 0; i < c.cases.size(); ++i) {
      c.cases[i].seen = ((unsigned{from[1]} >> i) & 1U) != 0;
      c.cases[i].sent = ((unsigned{from[2]} >> i) & 1U) != 0;
    }
    c.how = static_cast<waits>(from[3] % 16);
    c.biased = (from[3] & 16U) != 0;
    c.over = (from[3] & 32U) != 0;
    if (from[4] != unbounded) c.ending = static_cast<response>(from[4]);
  }
  return s;
}

select_label label_of(int action, int call, int which, int answer, int message, int other_call,
                      int other_case) {
  return {static_cast<agreement::action>(action), static_cast<std::size_t>(call),
          static_cast<std::size_t>(which),        static_cast<response>(answer),
          static_cast<std::uint8_t>(message),     static_cast<std::size_t>(other_call),
          static_cast<std::size_t>(other_case)};
}

}  // namespace
}  // namespace runnel::spec::agreement

using namespace runnel::spec::agreement;

void cpp_select_begin(unsigned char* to, int capacity_0, int capacity_1, int timer, int most) {
  select_state s;
  auto& channels = s.world.channels;
  if (most != static_cast<int>(channels[0].most)) {
    std::printf("the model buffers %d messages, the C++ state %d\n", most,
                static_cast<int>(channels[0].most));
    std::exit(1);
  }
  if (capacity_0 != unbounded) channels[0].capacity = static_cast<std::size_t>(capacity_0);
  if (capacity_1 != unbounded) channels[1].capacity = static_cast<std::size_t>(capacity_1);
  for (auto& c : channels) c.senders = c.receivers = 1;
  s.world.timer = {false, timer != 0, timer == 2};
  writer(to).state(s);
  std::atexit(print_numbers);
}

int cpp_select_allows(const unsigned char* from, int action, int call, int which, int answer,
                      int message, int other_call, int other_case) {
  ++labels;
  select_state s = read(from);
  return allowed(s, label_of(action, call, which, answer, message, other_call, other_case)) ? 1 : 0;
}

void cpp_select_take(unsigned char* to, int action, int call, int which, int answer, int message,
                     int other_call, int other_case) {
  select_state s = read(to);
  if (!allowed(s, label_of(action, call, which, answer, message, other_call, other_case)))
    std::abort();
  writer(to).state(s);
}

void cpp_select_invoke(unsigned char* to, int call, int cases, int how, int biased) {
  select_state s = read(to);
  auto& c = s.calls[static_cast<std::size_t>(call)];
  c = call_of(static_cast<std::size_t>(call), static_cast<unsigned>(cases));
  c.how = static_cast<runnel::spec::waits>(how);
  c.biased = biased != 0;
  writer(to).state(s);
}

void cpp_select_new_pair(void) { ++pairs; }
