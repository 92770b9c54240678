// SPDX-License-Identifier: MIT
//
// What an operation on a channel can report instead of success.
#pragma once

#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace runnel {

/// Why a send did not happen.
enum class send_errc {
  disconnected = 1,  ///< there is no receiver left; there will never be one again
  full,              ///< try_send: no room, or on a rendezvous nobody waits to receive
  timeout,           ///< send_for, send_until: the deadline passed first
};

/// Why a receive returned no message.
enum class recv_errc {
  disconnected = 1,  ///< no message is left and no sender; there will never be one again
  empty,             ///< try_recv: no message, or on a rendezvous nobody waits to send
  timeout,           ///< recv_for, recv_until: the deadline passed first
};

/// A send that did not happen: the reason, and the value handed back.
template <class T>
struct send_error {
  send_errc reason;
  T value;
};

namespace detail {

class send_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "runnel.send"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<send_errc>(code)) {
      case send_errc::disconnected: return "sending on a channel without receivers";
      case send_errc::full: return "sending on a full channel";
      case send_errc::timeout: return "timed out waiting to send";
    }
    return "unknown send error";
  }
};

class recv_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "runnel.recv"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<recv_errc>(code)) {
      case recv_errc::disconnected: return "receiving on an empty channel without senders";
      case recv_errc::empty: return "receiving on an empty channel";
      case recv_errc::timeout: return "timed out waiting to receive";
    }
    return "unknown receive error";
  }
};

}  // namespace detail

/// The category of send_errc, named "runnel.send".
[[nodiscard]] inline const std::error_category& send_error_category() noexcept {
  static const detail::send_category category;
  return category;
}
/// The category of recv_errc, named "runnel.recv".
[[nodiscard]] inline const std::error_category& recv_error_category() noexcept {
  static const detail::recv_category category;
  return category;
}

[[nodiscard]] inline std::error_code make_error_code(send_errc e) noexcept {
  return {static_cast<int>(e), send_error_category()};
}
[[nodiscard]] inline std::error_code make_error_code(recv_errc e) noexcept {
  return {static_cast<int>(e), recv_error_category()};
}

}  // namespace runnel

template <>
struct std::is_error_code_enum<runnel::send_errc> : std::true_type {};
template <>
struct std::is_error_code_enum<runnel::recv_errc> : std::true_type {};
