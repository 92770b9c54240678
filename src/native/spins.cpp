// SPDX-License-Identifier: MIT
#include "spins.hpp"

#include <algorithm>

namespace runnel::model::native {

namespace {

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

std::optional<std::size_t> loop_states::seen(const door& d, const std::byte* stack_top,
                                             std::size_t position) {
  hasher h;
  for (const std::uint64_t r : d.preserved) h.add(r);
  const auto* const top = reinterpret_cast<const std::uint64_t*>(stack_top);
  h.add(static_cast<std::uint64_t>(top - d.sp));
  auto left_out = std::ranges::lower_bound(left_out_, d.sp);
  for (const std::uint64_t* p = d.sp; p != top; ++p) {
    if (left_out != left_out_.end() && *left_out == p) {
      ++left_out;
    } else {
      h.add(*p);
    }
  }
  const std::array hash{h.a, h.b};
  for (const state& s : known_) {
    if (s.hash == hash) return s.position;
  }
  known_.push_back({hash, position});
  return std::nullopt;
}

}  // namespace runnel::model::native
