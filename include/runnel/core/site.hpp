// SPDX-License-Identifier: MIT
//
// Order sites: every atomic operation of the core says its name and its memory order in one place,
//
//     tail_.compare_exchange_weak(t, next(t), at<"ring.claim_send">(seq_cst, relaxed));
//
// On std_platform a site is its memory order and nothing else. On a model platform the name lets a
// check weaken the order, count the operation and show it. An operation without a site does not
// compile, because the platform's atomic takes nothing else.
//
// The comment above an operation is machine-readable, and `runnel orders` checks it:
//
//     // ring.publish: needs ring.see_message; also ring.see_free
//     // The reason for the order, in as many lines as it takes.
//
// A list of partners goes on in the next line if that is indented.
//
//   needs      sites it must synchronize with (release side and acquire side name each other)
//   also       sites it happens to synchronize with
//   handshake  sites it must be ordered with in the single total order of seq_cst operations:
//              both sides write one location and then read the other's
//
// All three are symmetric. A relaxed operation has a reason too.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

namespace runnel::core {

inline constexpr std::memory_order relaxed = std::memory_order::relaxed;
inline constexpr std::memory_order acquire = std::memory_order::acquire;
inline constexpr std::memory_order release = std::memory_order::release;
inline constexpr std::memory_order acq_rel = std::memory_order::acq_rel;
inline constexpr std::memory_order seq_cst = std::memory_order::seq_cst;

/// The name of an order site, as a template argument.
template <std::size_t N>
struct site_name {
  char text[N]{};

  consteval site_name(const char (&name)[N]) {  // NOLINT(google-explicit-constructor): a literal
    for (std::size_t i = 0; i < N; ++i) text[i] = name[i];
  }

  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};
template <std::size_t N>
site_name(const char (&)[N]) -> site_name<N>;

/// An order site: a name and the memory order of the operation; of a compare-exchange both orders.
template <site_name Name>
struct at {
  std::memory_order order;
  std::memory_order failure;

  explicit constexpr at(std::memory_order o) : order(o), failure(relaxed) {}
  constexpr at(std::memory_order success, std::memory_order on_failure)
      : order(success), failure(on_failure) {}

  static constexpr std::string_view name() { return Name.view(); }
};

}  // namespace runnel::core
