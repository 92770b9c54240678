// SPDX-License-Identifier: MIT
#include "spins.hpp"

#include <algorithm>
#include <tuple>

namespace runnel::model::native {

namespace {

constexpr std::size_t saved_registers = std::tuple_size_v<decltype(door::preserved)>;

__extension__ using wide = unsigned __int128;

/// Two sums of products, as in wyhash.
struct hasher {
  std::uint64_t a = 0x2D358DCCAA6C78A5;
  std::uint64_t b = 0x8BB84B93962EACC9;
  void add(std::uint64_t word) {
    a = folded(a ^ word, 0x9E3779B97F4A7C15);
    b = folded(b + word, 0xD6E8FEB86659FD93);
  }
  static std::uint64_t folded(std::uint64_t x, std::uint64_t y) {
    const auto product = static_cast<wide>(x) * y;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U) ^ x;
  }
};

}  // namespace

void loop_states::leave_out(const std::uint64_t* word) {
  const auto at = std::ranges::lower_bound(left_out_, word);
  if (at == left_out_.end() || *at != word) left_out_.insert(at, word);
}

loop_states::hash loop_states::hash_of(const std::uint64_t* registers, const std::uint64_t* sp,
                                       const std::uint64_t* stack, std::size_t size) const {
  hasher h;
  for (std::size_t i = 0; i < saved_registers; ++i) h.add(registers[i]);
  h.add(size);
  auto left_out = std::ranges::lower_bound(left_out_, sp);
  for (std::size_t i = 0; i < size; ++i) {
    if (left_out != left_out_.end() && *left_out == sp + i) {
      ++left_out;
    } else {
      h.add(stack[i]);
    }
  }
  return {h.a, h.b};
}

/// The vector never shrinks: to make and to empty it each time would take longer than to copy.
void loop_states::copy_for_visit(const door& d, std::size_t size) {
  const std::size_t end = words_used_ + saved_registers + size;
  if (end > words_.size()) words_.resize(2 * end);
  std::uint64_t* const words = words_.data() + words_used_;
  std::copy_n(d.preserved.data(), saved_registers, words);
  std::copy_n(d.sp, size, words + saved_registers);
  words_used_ = end;
}

std::optional<std::size_t> loop_states::seen(const door& d, const std::byte* stack_top,
                                             std::size_t position) {
  const auto size =
      static_cast<std::size_t>(reinterpret_cast<const std::uint64_t*>(stack_top) - d.sp);
  const auto first = std::ranges::find_if(
      visits_, [&](const visit& v) { return v.sp == d.sp && v.code == d.return_address(); });
  if (first == visits_.end()) {
    visits_.push_back({d.sp, d.return_address(), position, words_used_});
    copy_for_visit(d, size);
    return std::nullopt;
  }
  if (first->words != hashed) {
    const std::uint64_t* const words = words_.data() + first->words;
    known_.push_back({hash_of(words, d.sp, words + saved_registers, size), first->position});
    first->words = hashed;
  }
  const hash now = hash_of(d.preserved.data(), d.sp, d.sp, size);
  for (const state& s : known_) {
    if (s.hash == now) return s.position;
  }
  known_.push_back({now, position});
  return std::nullopt;
}

}  // namespace runnel::model::native
