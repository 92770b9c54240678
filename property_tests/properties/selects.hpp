// SPDX-License-Identifier: MIT
//
// Selects whose cases are generated, and selects with a mistake, which the properties must find.
#pragma once

#include "responses.hpp"

#include <runnel/select.hpp>
#include <spec/select_spec.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace properties {

/// A case of a generated select. Channels are counted around.
struct generated_case {
  bool sends = false;
  std::uint8_t channel = 0;
  bool enabled = true;
};

/// A generated select. How it waits: `until_done`, `not_at_all` or `until_a_deadline`.
struct generated_select {
  static constexpr std::size_t size = 3;

  spec::waits how = spec::waits::until_done;
  bool biased = false;
  std::array<generated_case, size> cases{};
};

/// "biased try_select(send 0, recv 1 (off), recv 0)"
inline std::string text(const generated_select& s) {
  std::string line = s.biased ? "biased " : "";
  line += s.how == spec::waits::until_done   ? "select("
          : s.how == spec::waits::not_at_all ? "try_select("
                                             : "select_for(";
  for (const generated_case& c : s.cases) {
    line += (&c == s.cases.data() ? "" : ", ") + std::string(c.sends ? "send " : "recv ") +
            std::to_string(c.channel) + (c.enabled ? "" : " (off)");
  }
  return line + ')';
}

/// The call of select as the specification has it. What a case sends is its place and `first_value`.
template <class Value>
auto call_of(const generated_select& g, Value first_value) {
  spec::basic_select<generated_select::size, Value> s;
  using kind = spec::basic_case<Value>::kind;
  for (std::size_t i = 0; i < g.cases.size(); ++i) {
    const kind is = g.cases[i].sends ? kind::sends : kind::receives;
    s.cases[i].is = g.cases[i].enabled ? is : kind::none;
    s.cases[i].channel = g.cases[i].channel;
    s.cases[i].value = static_cast<Value>(first_value + i);
  }
  s.how = g.how;
  s.biased = g.biased;
  return s;
}

/// Calls `select` with all cases of `s`: case `i` is what `receive(i, handler)` or `send(i, handler)`
/// makes for its channel, and its handler is `handle(i)`.
template <class Cases, class Select, class... Made>
auto with_cases(const generated_select& s, Cases& cases, Select select, Made&... made) {
  constexpr std::size_t i = sizeof...(Made);
  if constexpr (i == generated_select::size) {
    return select(made...);
  } else {
    // The next case lives until all that is called with it has returned.
    const auto with = [&](auto&& next) {
      return with_cases(s, cases, select, made..., next.when(s.cases[i].enabled));
    };
    return s.cases[i].sends ? with(cases.send(i)) : with(cases.receive(i));
  }
}

/// What the handler of a case returned, if one was called.
using handled = std::optional<unsigned>;

/// Selects as they ship.
struct shipped_selects {
  template <class... Cases>
  static handled run(spec::waits how, bool biased, std::chrono::nanoseconds wait, Cases&... cases) {
    if (how == spec::waits::until_done)
      return biased ? runnel::select(runnel::biased, cases...) : runnel::select(cases...);
    if (how == spec::waits::not_at_all)
      return biased ? runnel::try_select(runnel::biased, cases...) : runnel::try_select(cases...);
    return biased ? runnel::select_for(runnel::biased, wait, cases...)
                  : runnel::select_for(wait, cases...);
  }
};

enum class select_mistake {
  forgets_bias,
  prefers_the_first,  ///< although it is fair
  ignores_guards,
  does_another,   ///< does a second case if that is possible
  gives_up,       ///< without a look, where it need not wait for ever
  changes_result  ///< of the handler
};
inline select_mistake planted_select_mistake;

/// Selects with `planted_select_mistake`.
struct mistaken_selects {
  template <class... Cases>
  static handled run(spec::waits how, bool biased, std::chrono::nanoseconds wait, Cases&... cases) {
    const auto is = [](select_mistake m) { return planted_select_mistake == m; };
    if (is(select_mistake::forgets_bias)) biased = false;
    if (is(select_mistake::prefers_the_first)) biased = true;
    if (is(select_mistake::ignores_guards) && how != spec::waits::until_done)
      (cases.when(true), ...);
    if (is(select_mistake::gives_up) && how != spec::waits::until_done) return {};
    handled result = shipped_selects::run(how, biased, wait, cases...);
    if (is(select_mistake::does_another)) (void)runnel::try_select(cases...);
    if (is(select_mistake::changes_result) && result) ++*result;
    return result;
  }
};

}  // namespace properties
