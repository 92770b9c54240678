// SPDX-License-Identifier: MIT
//
// Operations that end when a stop is requested: with this header a std::stop_token can be given to the
// send, recv and timed operations of the handles, and to selects.
//
//     std::jthread worker([rx = std::move(rx)](const std::stop_token& stop) {
//       while (auto line = rx.recv(stop)) write(*line);
//     });
//
// The standard library must have <stop_token>; libc++ before 20 has it with -fexperimental-library.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>
#include <runnel/core/stop.hpp>

#include <stop_token>
#include <utility>
#include <version>

#ifndef __cpp_lib_jthread
#error \
    "<runnel/stop.hpp> needs std::stop_token, which libc++ before 20 has with -fexperimental-library only"
#endif

namespace runnel::core {

/// A std::stop_token as a stop. It refers to the token.
class std_stop {
 public:
  explicit std_stop(const std::stop_token& token) noexcept : token_(token) {}

  [[nodiscard]] bool stop_requested() const noexcept { return token_.stop_requested(); }
  [[nodiscard]] bool stop_possible() const noexcept { return token_.stop_possible(); }

  template <class F>
  class callback_type {
   public:
    callback_type(const std_stop& stop, F f) noexcept : callback_(stop.token_, std::move(f)) {}

   private:
    std::stop_callback<F> callback_;
  };

 private:
  const std::stop_token& token_;
};

template <>
struct stoppable<std::stop_token> : stop_operations<std_stop> {
  static std_stop stop(const std::stop_token& token) noexcept { return std_stop(token); }
};

}  // namespace runnel::core
