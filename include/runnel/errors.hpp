// SPDX-License-Identifier: MIT
//
// What an operation on a channel can report instead of success.
#pragma once

#include <runnel/core/language.hpp>

#include <concepts>
#include <iosfwd>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <version>
#ifdef __cpp_lib_format
#include <chrono>  // declares std::formatter, as <format> does, and the interface needs it anyway
#endif

namespace runnel {

/// Why a send did not happen.
enum class send_errc {
  disconnected = 1,  ///< there is no receiver left; there will never be one again
  full,              ///< try_send: no room, or on a rendezvous nobody waits to receive
  timeout,           ///< send_for, send_until: the deadline passed first
  stopped,           ///< with a stop token: a stop was requested first
};

/// Why a receive returned no message.
enum class recv_errc {
  disconnected = 1,  ///< no message is left and no sender; there will never be one again
  empty,             ///< try_recv: no message, or on a rendezvous nobody waits to send
  timeout,           ///< recv_for, recv_until: the deadline passed first
  stopped,           ///< with a stop token: a stop was requested first
};

/// Why a select did no case.
enum class select_errc {
  no_case = 1,  ///< there is none that is enabled and could ever become possible
  none_ready,   ///< try_select: none is possible now
  timeout,      ///< select_for, select_until: the deadline passed first
  stopped,      ///< with a stop token: a stop was requested first
};

/// A send that did not happen: the reason, and the value handed back. Compares with a reason, and
/// prints as its reason does.
template <class T>
struct send_error {
  send_errc reason;  ///< why it did not happen
  T value;           ///< what was to be sent, as it was

  [[nodiscard]] friend constexpr bool operator==(const send_error& e, send_errc r) noexcept {
    return e.reason == r;
  }
};

namespace detail {

/// The name of the reason, as it is printed.
[[nodiscard]] constexpr const char* word(send_errc e) noexcept {
  switch (e) {
    case send_errc::disconnected: return "disconnected";
    case send_errc::full: return "full";
    case send_errc::timeout: return "timeout";
    case send_errc::stopped: return "stopped";
  }
  return "unknown send error";
}
[[nodiscard]] constexpr const char* word(recv_errc e) noexcept {
  switch (e) {
    case recv_errc::disconnected: return "disconnected";
    case recv_errc::empty: return "empty";
    case recv_errc::timeout: return "timeout";
    case recv_errc::stopped: return "stopped";
  }
  return "unknown receive error";
}
[[nodiscard]] constexpr const char* word(select_errc e) noexcept {
  switch (e) {
    case select_errc::no_case: return "no case";
    case select_errc::none_ready: return "none ready";
    case select_errc::timeout: return "timeout";
    case select_errc::stopped: return "stopped";
  }
  return "unknown select error";
}
template <class T>
[[nodiscard]] constexpr const char* word(const send_error<T>& e) noexcept {
  return detail::word(e.reason);
}

/// Two shared objects may have an object each of what is one category: it is known by its name.
inline bool is_same(const std::error_category& a, const std::error_category& b) noexcept {
  return a == b || std::string_view(a.name()) == b.name();
}

/// What std::error_category leaves open: how its codes compare with conditions.
class category : public std::error_category {
 public:
  [[nodiscard]] bool equivalent(int code, const std::error_condition& c) const noexcept override {
    return detail::is_same(*this, c.category()) && code == c.value();
  }
  [[nodiscard]] bool equivalent(const std::error_code& code,
                                int condition) const noexcept override {
    return detail::is_same(*this, code.category()) && code.value() == condition;
  }
};

class send_category final : public category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "runnel.send"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<send_errc>(code)) {
      case send_errc::disconnected: return "sending on a channel without receivers";
      case send_errc::full: return "sending on a full channel";
      case send_errc::timeout: return "timed out waiting to send";
      case send_errc::stopped: return "stopped waiting to send";
    }
    return "unknown send error";
  }
};

class recv_category final : public category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "runnel.recv"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<recv_errc>(code)) {
      case recv_errc::disconnected: return "receiving on an empty channel without senders";
      case recv_errc::empty: return "receiving on an empty channel";
      case recv_errc::timeout: return "timed out waiting to receive";
      case recv_errc::stopped: return "stopped waiting to receive";
    }
    return "unknown receive error";
  }
};

class select_category final : public category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "runnel.select"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<select_errc>(code)) {
      case select_errc::no_case: return "selecting where no case is enabled";
      case select_errc::none_ready: return "selecting where no case is ready";
      case select_errc::timeout: return "timed out waiting to select";
      case select_errc::stopped: return "stopped waiting to select";
    }
    return "unknown select error";
  }
};

/// The one object of a category. It is never destroyed: static objects that go later may have its codes.
template <class Category>
const std::error_category& only() noexcept {
  alignas(Category) static unsigned char place[sizeof(Category)];
  static const Category* const object = ::new (static_cast<void*>(place)) Category;
  return *object;
}

}  // namespace detail

/// The category of send_errc, named "runnel.send".
[[nodiscard]] inline const std::error_category& send_error_category() noexcept {
  return detail::only<detail::send_category>();
}
/// The category of recv_errc, named "runnel.recv".
[[nodiscard]] inline const std::error_category& recv_error_category() noexcept {
  return detail::only<detail::recv_category>();
}
/// The category of select_errc, named "runnel.select".
[[nodiscard]] inline const std::error_category& select_error_category() noexcept {
  return detail::only<detail::select_category>();
}

/// The error as a std::error_code, which the standard library makes with this where it is asked for one.
[[nodiscard]] inline std::error_code make_error_code(send_errc e) noexcept {
  return {static_cast<int>(e), send_error_category()};
}
[[nodiscard]] inline std::error_code make_error_code(recv_errc e) noexcept {
  return {static_cast<int>(e), recv_error_category()};
}
[[nodiscard]] inline std::error_code make_error_code(select_errc e) noexcept {
  return {static_cast<int>(e), select_error_category()};
}

/// Whether the code is that error, also if it comes from another shared object (a plugin), which has
/// a category of its own with the same name. Two std::error_code are equal within one object only,
/// because the standard library compares the addresses of their categories; across objects
/// `a == b.default_error_condition()` is right.
[[nodiscard]] inline bool operator==(const std::error_code& code, send_errc e) noexcept {
  return send_error_category().equivalent(code, static_cast<int>(e));
}
[[nodiscard]] inline bool operator==(const std::error_code& code, recv_errc e) noexcept {
  return recv_error_category().equivalent(code, static_cast<int>(e));
}
[[nodiscard]] inline bool operator==(const std::error_code& code, select_errc e) noexcept {
  return select_error_category().equivalent(code, static_cast<int>(e));
}

/// Prints the name of the error, as in `disconnected`.
template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, send_errc e) {
  return out << detail::word(e);
}
template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, recv_errc e) {
  return out << detail::word(e);
}
template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, select_errc e) {
  return out << detail::word(e);
}
template <class Char, class Traits, class T>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                             const send_error<T>& e) {
  return out << detail::word(e);
}

#ifdef __cpp_lib_format
namespace detail {

/// Formats the name of the error with the options of a string. Its base is complete where `<format>` is
/// included: in programs that format.
template <class Char>
struct word_formatter : std::formatter<std::string_view, Char> {
  template <class Error, class Context>
  auto format(const Error& e, Context& context) const {
    return std::formatter<std::string_view, Char>::format(detail::word(e), context);
  }
};

}  // namespace detail
#endif

}  // namespace runnel

#ifdef __cpp_lib_format
template <std::same_as<char> Char>
struct std::formatter<runnel::send_errc, Char> : runnel::detail::word_formatter<Char> {};
template <std::same_as<char> Char>
struct std::formatter<runnel::recv_errc, Char> : runnel::detail::word_formatter<Char> {};
template <std::same_as<char> Char>
struct std::formatter<runnel::select_errc, Char> : runnel::detail::word_formatter<Char> {};
template <class T, std::same_as<char> Char>
struct std::formatter<runnel::send_error<T>, Char> : runnel::detail::word_formatter<Char> {};
#endif

template <>
struct std::is_error_code_enum<runnel::send_errc> : std::true_type {};
template <>
struct std::is_error_code_enum<runnel::recv_errc> : std::true_type {};
template <>
struct std::is_error_code_enum<runnel::select_errc> : std::true_type {};
