// SPDX-License-Identifier: MIT
//
// Operations that a stop ends: a send, a receive or a wait for the close with a token is a select with one
// case.
#pragma once

#include <runnel/core/handles.hpp>
#include <runnel/core/queue.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/errors.hpp>

#include <cstdint>
#include <expected>
#include <optional>

namespace runnel::core {

/// What `stoppable` has for a token, given the stop that it is made into (select.hpp).
template <class Stop>
struct stop_operations {
  /// A receive that was impossible at first.
  template <class P, class T, class Channel>
  [[gnu::noinline]] static std::expected<T, recv_errc> recv(Channel& channel,
                                                            std::optional<time_point> deadline,
                                                            const Stop& stop) {
    receive_case<P, T, Channel> receive(channel);
    const auto done = wait(receive, deadline, stop);
    if (done.has_value()) return receive.take();
    return std::unexpected(done.error() == select_errc::stopped ? recv_errc::stopped
                                                                : recv_errc::timeout);
  }

  /// A send that was impossible at first.
  template <class P, class T, class Channel>
  [[gnu::noinline]] static send_status send(Channel& channel, T& value,
                                            std::optional<time_point> deadline, const Stop& stop) {
    send_case<P, T, Channel> send(channel, value);
    const auto done = wait(send, deadline, stop);
    if (!done.has_value())
      return done.error() == select_errc::stopped ? send_status::stopped : send_status::timeout;
    return send.result().has_value() ? send_status::sent : send_status::disconnected;
  }

  /// Whether the channel was closed, before the deadline and a stop.
  template <class P, class Channel>
  [[gnu::noinline]] static bool await_close(Channel& channel, std::optional<time_point> deadline,
                                            const Stop& stop) {
    closed_case<P, Channel> closed(channel);
    return wait(closed, deadline, stop).has_value();
  }

 private:
  template <class P>
  static typename select_call<P>::answer wait(select_case<P>& c, std::optional<time_point> deadline,
                                              const Stop& stop) {
    select_case<P>* const only[] = {&c};
    std::uint16_t number[1];
    return select_call<P>(only, number, false).wait(deadline, stop);
  }
};

/// A token that is a stop by itself.
template <class Token>
  requires requires { typename Token::template callback_type<void (*)()>; }
struct stoppable<Token> : stop_operations<Token> {
  static Token stop(const Token& token) { return token; }
};

}  // namespace runnel::core
