// SPDX-License-Identifier: MIT
//
// Selects on several channels, one after another in one thread, each compared with the executable
// specification: of cases that are known when it is compiled, and of a selector that stays. An action
// that is not possible, or that would block for ever, is left out.
#pragma once

#include "in_sequence.hpp"
#include "selects.hpp"

#include <spec/select_spec.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace properties {

inline constexpr std::size_t channels_of_selects = 3;
using capacities = std::array<std::optional<std::size_t>, channels_of_selects>;

/// What is done next.
struct select_action {
  enum class kind : std::uint8_t {
    select,  ///< with the cases of `call`
    add,     ///< the first case of `call` to the selector
    erase,   ///< a case of the selector
    enable,  ///< or disable it
    run,     ///< the selector, waiting as `call` does
    close,   ///< the channel of the first case of `call`, by its receiver
    drop,    ///< the sender or receiver of a channel, as the first case of `call` has it
  };

  kind is;
  generated_select call;
  std::uint8_t number = 0;  ///< of a case of the selector, which are counted around
};

/// Channels that an Api makes, with the states that the specification gives them.
template <class Api, class Selects = shipped_selects>
class compared_selects {
 public:
  using message = counted<1>;

  explicit compared_selects(const capacities& all) {
    for (std::size_t c = 0; c < all.size(); ++c) {
      auto [tx, rx] =
          all[c] ? Api::template sync_channel<message>(*all[c]) : Api::template channel<message>();
      senders_[c] = std::move(tx);
      receivers_[c] = std::move(rx);
      world_.channels[c].capacity = all[c];
      world_.channels[c].senders = world_.channels[c].receivers = 1;
      script_ << "channel " << c << ": " << (all[c] ? std::to_string(*all[c]) : "unbounded")
              << '\n';
    }
  }

  /// Does the action if it is possible; whether the specification allows what came of it.
  bool perform(select_action a) {
    for (generated_case& c : a.call.cases) c.channel %= channels_of_selects;
    using kind = select_action::kind;
    switch (a.is) {
      case kind::select: return select(a.call);
      case kind::add: return add(a.call.cases[0]);
      case kind::erase: return change(a.number, [this](std::size_t n) { erase(n); });
      case kind::enable:
        return change(a.number, [&](std::size_t n) {
          entries_[n]->is.enabled = a.call.cases[0].enabled;
          selector_.enable(n, a.call.cases[0].enabled);
        });
      case kind::run: return run(a.call.how, a.call.biased);
      case kind::close: return close(a.call.cases[0].channel);
      case kind::drop: return drop(a.call.cases[0]);
    }
    return false;
  }

  /// What was done, and what came of it.
  [[nodiscard]] std::string script() const { return script_.str(); }

 private:
  static constexpr std::size_t most_entries = 5;  // of the selector
  using world = spec::basic_world<channels_of_selects, 80, std::uint16_t>;
  using response = spec::response;
  template <std::size_t Most>
  using call = spec::basic_select<Most, std::uint16_t>;

  /// What a select has done.
  struct outcome {
    std::optional<std::size_t> chosen;
    response answer = response::ok;
    std::uint16_t value = 0;  // received
  };
  /// A case of the selector with what it refers to.
  struct entry {
    generated_case is;
    std::optional<message> value;
    std::optional<runnel::send_errc> error;
    std::optional<std::expected<message, runnel::recv_errc>> got;
  };

  [[nodiscard]] bool has_handle(const generated_case& c) const {
    return c.sends ? static_cast<bool>(senders_[c.channel])
                   : static_cast<bool>(receivers_[c.channel]);
  }

  /// Whether the call would wait for ever.
  template <std::size_t Most>
  [[nodiscard]] bool blocks(const call<Most>& s) const {
    if (s.how != spec::waits::until_done || !s.has_cases()) return false;
    for (std::size_t i = 0; i < Most; ++i) {
      if (s.cases[i].is == call<Most>::kind::none) continue;
      const auto& channel = world_.channels[s.cases[i].channel];
      if (spec::allowed(channel, s.operation(i)).size != 0) return false;
    }
    return true;
  }

  /// Whether the specification allows what came of the call.
  template <std::size_t Most>
  bool follows(call<Most>& s, const outcome& o) {
    if (!o.chosen && !s.has_cases()) return s.how != spec::waits::until_done;
    const bool timed = s.how == spec::waits::until_a_deadline;
    const response why = timed ? response::timeout : response::empty;
    if (!o.chosen && timed && !spec::end_waiting(world_, s, why)) return false;
    for (std::size_t i = 0; i < o.chosen.value_or(Most); ++i)
      (void)spec::see_impossible(world_, s, i);
    if (!o.chosen) return spec::fail(s, why);
    return spec::choose(world_, s, *o.chosen, o.answer, o.value);
  }

  void write(const outcome& o) {
    if (!o.chosen) {
      script_ << ": nothing\n";
      return;
    }
    script_ << ": case " << *o.chosen << ", " << spec::text(o.answer);
    if (o.value != 0) script_ << ' ' << o.value;
    script_ << '\n';
  }

  // ---- of cases that are known when it is compiled ----

  /// Makes the cases of a select, and notes what their handlers are called with.
  struct static_cases {
    compared_selects& of;
    const generated_select& call;
    std::array<std::optional<message>, generated_select::size> values;
    unsigned handled = 0;  // how often
    outcome seen;

    /// What handlers return.
    [[nodiscard]] static unsigned result(std::size_t i) { return static_cast<unsigned>(7 + i); }

    auto send(std::size_t i) {
      return runnel::on_send(of.senders_[call.cases[i].channel], *values[i], [this, i](auto r) {
        ++handled;
        seen = {i, r ? response::ok : response_of(r.error())};
        return result(i);
      });
    }
    auto receive(std::size_t i) {
      return runnel::on_recv(of.receivers_[call.cases[i].channel], [this, i](auto m) {
        ++handled;
        seen = {i, m ? response::ok : response_of(m.error()), m ? m->value() : std::uint16_t{0}};
        return result(i);
      });
    }
  };

  bool select(const generated_select& g) {
    auto expected = call_of(g, next_value_);
    if (!std::ranges::all_of(g.cases, [this](auto& c) { return has_handle(c); })) return true;
    if (blocks(expected)) return true;
    static_cases cases{*this, g, {}, 0, {}};
    for (auto& value : cases.values) value.emplace(next_value_++);
    script_ << text(g);
    handled result;
    const bool has_cases = expected.has_cases();
    try {
      result = with_cases(g, cases, [&g](auto&... all) {
        return Selects::run(g.how, g.biased, std::chrono::nanoseconds(0), all...);
      });
    } catch (const std::logic_error&) {
      script_ << ": no case\n";
      return !has_cases && g.how == spec::waits::until_done;
    }
    write(cases.seen);
    const bool is_handled = cases.seen.chosen.has_value();
    if (cases.handled != (is_handled ? 1 : 0) || result.has_value() != is_handled) return false;
    if (result && *result != static_cases::result(*cases.seen.chosen)) return false;
    if (!follows(expected, cases.seen)) return false;
    for (std::size_t i = 0; i < g.cases.size(); ++i) {
      if (cases.values[i]->holds() == expected.cases[i].sent) return false;
    }
    return channels_agree(static_cast<std::size_t>(
        std::ranges::count_if(cases.values, [](const auto& v) { return v->holds(); })));
  }

  // ---- of a selector ----

  bool add(const generated_case& c) {
    const auto numbers = std::ranges::count_if(entries_, [](auto& e) { return e != nullptr; });
    if (!has_handle(c) || numbers == most_entries) return true;
    auto added = std::make_unique<entry>();
    added->is = {c.sends, c.channel, true};
    if (c.sends) added->value.emplace(next_value_++);
    const std::size_t n = c.sends ? selector_.send(senders_[c.channel], *added->value, added->error)
                                  : selector_.recv(receivers_[c.channel], added->got);
    script_ << "add " << (c.sends ? "send " : "recv ") << int{c.channel} << ": number " << n
            << '\n';
    if (n >= most_entries || entries_[n]) return false;  // it is another one's
    entries_[n] = std::move(added);
    return true;
  }

  template <class F>
  bool change(std::uint8_t number, F f) {
    const std::size_t n = number % most_entries;
    if (entries_[n]) f(n);
    return true;
  }
  void erase(std::size_t n) {
    script_ << "erase " << n << '\n';
    selector_.erase(n);
    entries_[n].reset();
  }

  [[nodiscard]] call<most_entries> call_of_selector(spec::waits how, bool biased) const {
    call<most_entries> s;
    using kind = call<most_entries>::kind;
    for (std::size_t i = 0; i < most_entries; ++i) {
      if (!entries_[i] || !entries_[i]->is.enabled) continue;
      s.cases[i].is = entries_[i]->is.sends ? kind::sends : kind::receives;
      s.cases[i].channel = entries_[i]->is.channel;
      if (entries_[i]->is.sends) s.cases[i].value = entries_[i]->value->value();
    }
    s.how = how;
    s.biased = biased;
    return s;
  }

  bool run(spec::waits how, bool biased) {
    auto expected = call_of_selector(how, biased);
    if (blocks(expected)) return true;
    script_ << (biased ? "biased " : "") << "selector, "
            << (how == spec::waits::until_done   ? "select"
                : how == spec::waits::not_at_all ? "try_select"
                                                 : "select_for");
    selector_.biased(biased);
    const auto chosen = how == spec::waits::until_done   ? selector_.select()
                        : how == spec::waits::not_at_all ? selector_.try_select()
                                                         : selector_.select_for(no_time);
    if (!chosen && chosen.error() == runnel::select_errc::no_case) {
      script_ << ": no case\n";
      return !expected.has_cases() && how == spec::waits::until_done;
    }
    outcome o;
    if (chosen) {
      if (*chosen >= most_entries || !entries_[*chosen]) return false;
      o = outcome_of(*chosen);
    }
    write(o);
    return follows(expected, o) && entries_agree(expected) && channels_agree(0);
  }
  outcome outcome_of(std::size_t chosen) {
    entry& e = *entries_[chosen];
    if (e.is.sends) return {chosen, e.error ? response_of(*e.error) : response::ok};
    if (!e.got->has_value()) return {chosen, response_of(e.got->error())};
    const outcome o{chosen, response::ok, (*e.got)->value()};
    e.got.reset();
    return o;
  }
  /// Values that were not sent are where they were. Who has sent gets another.
  bool entries_agree(const call<most_entries>& after) {
    for (std::size_t i = 0; i < most_entries; ++i) {
      if (!entries_[i] || !entries_[i]->is.sends) continue;
      auto& value = entries_[i]->value;
      if (value->holds() == after.cases[i].sent) return false;
      if (!value->holds()) value.emplace(next_value_++);
    }
    return true;
  }

  // ---- of both ----

  bool close(std::size_t channel) {
    if (!receivers_[channel]) return true;
    script_ << "close " << channel << '\n';
    receivers_[channel].close();
    return spec::step(world_.channels[channel], {spec::op::close});
  }

  bool drop(const generated_case& c) {
    if (!has_handle(c)) return true;
    for (std::size_t n = 0; n < most_entries; ++n) {
      if (!entries_[n]) continue;
      if (entries_[n]->is.channel == c.channel && entries_[n]->is.sends == c.sends) erase(n);
    }
    script_ << (c.sends ? "drop sender " : "drop receiver ") << int{c.channel} << '\n';
    if (c.sends)
      senders_[c.channel].reset();
    else
      receivers_[c.channel].reset();
    return spec::step(world_.channels[c.channel],
                      {c.sends ? spec::op::drop_sender : spec::op::drop_receiver});
  }

  [[nodiscard]] std::size_t held_by_entries() const {
    std::size_t n = 0;
    for (const auto& e : entries_) n += e && e->value ? 1 : 0;
    return n;
  }
  /// Each channel has as many messages as it should, and there are no others, but for `held` and what
  /// the selector has to send.
  [[nodiscard]] bool channels_agree(std::size_t held) const {
    std::size_t messages = 0;
    for (std::size_t c = 0; c < channels_of_selects; ++c) {
      const auto& state = world_.channels[c];
      if (senders_[c] && senders_[c].size() != state.size) return false;
      if (receivers_[c] && receivers_[c].size() != state.size) return false;
      messages += state.size;
    }
    return message::alive == static_cast<long>(messages + held + held_by_entries());
  }

  static constexpr std::chrono::nanoseconds no_time{0};

  world world_;
  std::array<typename Api::template sender<message>, channels_of_selects> senders_;
  std::array<typename Api::template receiver<message>, channels_of_selects> receivers_;
  runnel::selector selector_;
  std::array<std::unique_ptr<entry>, most_entries> entries_;
  std::ostringstream script_;
  std::uint16_t next_value_ = 1;
};

}  // namespace properties
