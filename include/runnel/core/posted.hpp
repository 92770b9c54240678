// SPDX-License-Identifier: MIT
//
// A select whose owner does not go on where it is told to, but elsewhere, such as in a handler that is posted to
// an executor. The steps are those of async.hpp, in another order, because its owner may be cancelled between
// any two of them without a loss:
//
//   begin     steps 2 to 4, and no step 1. Nothing is received or sent here but at a rendezvous
//   resume    where the owner runs: steps 5 and 6, and step 1
//   suspend   the next round, after a step 1 in vain
//   cancel    in the place of resume: leaves all lists, does nothing more, and passes on what it was promised
//
// So between a message that is there and a result that holds it there is one step, resume, which its owner
// makes in one go with the use of the result.
#pragma once

#include <runnel/core/async.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <tuple>
#include <utility>

namespace runnel::core {

/// A call of select that goes on elsewhere. Who owns it stands in async.hpp, as what Cases is.
template <class Cases, class Stop = no_stop>
class posted_call : async_call<Cases, Stop> {
  using base = async_call<Cases, Stop>;

 public:
  using base::answer;
  using base::attempt;
  using base::base;
  using base::begin;
  using base::can_end;
  using base::is_over;
  using base::with;
  using typename base::platform;

  /// Whether a case seems possible, so that it is not worth the while to begin. Decides nothing.
  [[nodiscard]] bool seems_possible() noexcept { return Cases::seems_possible(); }

  /// At first, once, or not at all: whether the call is suspended. If not, resume() goes on with it.
  [[nodiscard]] bool begin(const resumption& r) noexcept {
    this->resumption_.write([&r](resumption& to) { to = r; });
    where_ = place::suspended;  // before: then nothing of this may be touched
    if (this->join()) return true;
    where_ = place::joined;
    return false;
  }

  /// Whether the call is over. If not, suspend() goes on with it.
  [[nodiscard]] bool resume() {
    const place before = std::exchange(where_, place::nowhere);
    if (before == place::suspended && this->end_told()) return true;
    if (before == place::joined && this->end_round()) return true;
    return base::attempt();
  }

  /// After an attempt: as begin. If not, the call is over.
  [[nodiscard]] bool suspend(const resumption& r) noexcept {
    where_ = place::suspended;
    return base::suspend(r);
  }

  /// Ends the call, if it is not over. Calls `pass_on` with the case that was chosen, if it was not served;
  /// answer() is the one that was. Whether a case was chosen while the call was suspended: then the resumption
  /// has been called, or is going to be.
  template <class PassOn>
  bool cancel(PassOn pass_on) noexcept {
    if (!this->chosen_.has_value()) return false;
    this->registration_.reset();
    const bool was_suspended = std::exchange(where_, place::nowhere) == place::suspended;
    std::optional<std::size_t> choice;
    if (!this->answer_) {  // else it has met a partner before it joined anything
      choice = was_suspended ? this->chosen_->abandon() : this->chosen_->withdraw();
      if (this->leave(std::nullopt))
        this->answer_ = choice;
      else if (choice)
        pass_on(*choice);
    }
    this->chosen_.reset();
    return was_suspended && choice.has_value();
  }
  /// The same, and passes on.
  bool cancel() noexcept {
    return cancel([this](std::size_t chosen) { with(chosen, [](auto& c) { c.pass_on(); }); });
  }

 private:
  enum class place : std::uint8_t { nowhere, joined, suspended };

  place where_ = place::nowhere;
};

/// A receive: its case, and what it gives.
template <class P, class T, class Channel>
struct receive_part {
  using platform = P;
  using result = std::expected<T, recv_errc>;
  using cases = one_case<receive_case<P, T, Channel>>;
  static constexpr bool is_fair = false;

  explicit receive_part(Channel& c) noexcept : only(c) {}

  auto list() noexcept { return std::tie(only); }
  template <class Call>
  result result_of(Call& call) {
    if (!call.answer()) return std::unexpected(recv_errc::stopped);
    return only.take();
  }

  receive_case<P, T, Channel> only;
};

/// The same of a send, with its value.
template <class P, class T, class Channel>
struct send_part {
  using platform = P;
  using result = std::expected<void, send_error<T>>;
  using cases = one_case<send_case<P, T, Channel>>;
  static constexpr bool is_fair = false;

  send_part(Channel& c, T&& v) noexcept : value(std::move(v)), only(c, value) {}

  auto list() noexcept { return std::tie(only); }
  template <class Call>
  result result_of(Call& call) {
    const bool is_stopped = !call.answer();
    if (!is_stopped && only.result()) return {};
    return std::unexpected(
        send_error<T>{is_stopped ? send_errc::stopped : send_errc::disconnected, std::move(value)});
  }

  T value;
  send_case<P, T, Channel> only;
};

}  // namespace runnel::core
