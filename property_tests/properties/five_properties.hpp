// SPDX-License-Identifier: MIT
//
// The five properties of a channel, each a predicate that RapidCheck tries on generated traffic.
#pragma once

#include "traffic.hpp"

#include <rapidcheck.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] inline void showValue(const traffic& t, std::ostream& out) {
  const auto or_else = [](const auto& n, const char* other) {
    return n ? std::to_string(*n) : std::string(other);
  };
  out << "capacity " << or_else(t.capacity, "unbounded") << "; " << t.senders << " senders, each "
      << or_else(t.sends, "any number of") << " sends; " << t.receivers << " receivers, each "
      << or_else(t.receives, "any number of") << " receives; seed " << t.seed;
}

/// The last thing that was found to be wrong.
inline std::string what_was_wrong;

/// Which side goes first; the other one goes on until it sees `disconnected`.
enum class goes_first { senders, receivers, any };

/// Traffic of up to eight threads.
template <class Api>
rc::Gen<traffic> some_traffic(goes_first who) {
  using capacity = std::optional<std::size_t>;
  using count = std::optional<unsigned>;
  constexpr bool many = std::copy_constructible<typename Api::template receiver<parcel>>;
  const auto some = rc::gen::map(rc::gen::inRange(0U, 200U), [](unsigned n) { return count(n); });
  const auto endless = rc::gen::just(count());
  return rc::gen::build<traffic>(
      rc::gen::set(&traffic::capacity, rc::gen::element<capacity>(0, 1, 2, 1024, std::nullopt)),
      rc::gen::set(&traffic::senders, rc::gen::inRange(1U, many ? 5U : 8U)),
      rc::gen::set(&traffic::receivers, rc::gen::inRange(1U, many ? 5U : 2U)),
      rc::gen::set(&traffic::sends, who == goes_first::receivers ? endless : some),
      rc::gen::set(&traffic::receives, who == goes_first::senders ? endless : some),
      rc::gen::set(&traffic::seed, rc::gen::arbitrary<std::uint64_t>()));
}

/// Whether nothing is wrong with what became of the messages.
template <class Api, class Judge>
bool holds(goes_first who, Judge what_is_wrong) {
  return rc::check([&] {
    const traffic t = *some_traffic<Api>(who);
    const run_traffic<Api> run(t);
    const std::string wrong = what_is_wrong(run.report, t);
    if (wrong.empty()) return;
    what_was_wrong = wrong;
    RC_FAIL(wrong);
  });
}

template <class Api>
bool is_fifo() {
  return holds<Api>(goes_first::any, [](auto& r, auto&) { return out_of_order(r); });
}

template <class Api>
bool loses_nothing() {
  return holds<Api>(goes_first::senders, [](auto& r, auto&) { return lost(r); });
}

template <class Api>
bool delivers_once() {
  return holds<Api>(goes_first::any, [](auto& r, auto&) { return not_once(r); });
}

template <class Api>
bool disconnects_cleanly() {
  return holds<Api>(goes_first::senders, unclean) && holds<Api>(goes_first::receivers, unclean);
}

/// Returns only if everybody was woken up: see hang_watch.
template <class Api>
bool wakes_whom_it_has_to() {
  return rc::check([] {
    const traffic t = *some_traffic<Api>(goes_first::senders);
    const run_questions<Api> run(t);
    RC_ASSERT(run.all_answered());
  });
}

}  // namespace properties
