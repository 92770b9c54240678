// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace runnel::model {

namespace {

[[noreturn]] void malformed(std::string_view token) {
  throw std::invalid_argument("\"" + std::string(token) + "\" is no event of an execution");
}

/// The number at the start of the text, which loses it.
template <class Number>
Number take_number(std::string_view& text, std::string_view token) {
  Number n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{}) malformed(token);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return n;
}

decision parsed(std::string_view token) {
  decision d;
  std::string_view rest = token;
  if (token == "-") return d;
  if (rest.starts_with('w')) {
    rest.remove_prefix(1);
    d.kind = decision::of::write;
    d.position = take_number<std::uint32_t>(rest, token);
  } else if (rest.starts_with('c')) {
    d.kind = decision::of::choice;
  } else {
    d.kind = decision::of::read;
    if (rest.starts_with('i')) {
      rest.remove_prefix(1);
    } else {
      d.source.thread = take_number<std::uint16_t>(rest, token);
      if (!rest.starts_with('.')) malformed(token);
      rest.remove_prefix(1);
      d.source.index = take_number<std::uint16_t>(rest, token);
    }
  }
  if (rest.starts_with('c')) {
    rest.remove_prefix(1);
    d.choice = take_number<std::uint8_t>(rest, token);
  }
  if (!rest.empty()) malformed(token);
  return d;
}

std::string text_of(const decision& d) {
  std::string choice = "c" + std::to_string(d.choice);
  switch (d.kind) {
    case decision::of::read: {
      std::string s = "i";
      if (d.source != init_event)
        s = std::to_string(d.source.thread) + "." + std::to_string(d.source.index);
      return d.choice == 0 ? s : s + choice;
    }
    case decision::of::write: return "w" + std::to_string(d.position);
    case decision::of::choice: return choice;
    case decision::of::other: break;
  }
  return "-";
}

// ---- What goes on in the same way

using decisions = std::vector<decision>;

constexpr std::size_t longest_period = 8;
constexpr std::size_t fewest_repeated = 4;

/// As it follows from those before, with this period, which has to be found at least twice.
decision extrapolated(const decisions& before, std::size_t size, std::size_t period) {
  decision d = before[size - period];
  const decision& earlier = before[size - 2 * period];
  d.position += d.position - earlier.position;
  if (d.source != init_event && earlier.source != init_event)
    d.source.index = static_cast<std::uint16_t>(2U * d.source.index -
                                                static_cast<unsigned>(earlier.source.index));
  return d;
}

bool is_same(const decision& a, const decision& b) {
  return a.kind == b.kind && a.source == b.source && a.position == b.position &&
         a.choice == b.choice;
}

/// How many of the decisions from i on go on so.
std::size_t going_on(const decisions& all, std::size_t i, std::size_t period) {
  if (2 * period > i) return 0;
  std::size_t n = 0;
  while (i + n < all.size() && is_same(all[i + n], extrapolated(all, i + n, period))) ++n;
  return n;
}

std::string text_of(const decisions& all) {
  std::string s;
  for (std::size_t i = 0; i < all.size();) {
    if (i != 0) s += ',';
    std::size_t period = 1;
    std::size_t n = 0;
    for (std::size_t k = 1; k <= longest_period; ++k) {
      if (const std::size_t found = going_on(all, i, k); found > n) {
        n = found;
        period = k;
      }
    }
    if (n >= fewest_repeated) {
      s += std::to_string(period) + 'x' + std::to_string(n);
      i += n;
    } else {
      s += text_of(all[i++]);
    }
  }
  return s;
}

/// More than an execution has.
constexpr std::size_t most_repeated = 1'000'000;

/// Appends what the text says.
void add_parsed(decisions& all, std::string_view token) {
  if (token.find('x') == std::string_view::npos) return all.push_back(parsed(token));
  std::string_view rest = token;
  const auto period = take_number<std::size_t>(rest, token);
  if (!rest.starts_with('x')) malformed(token);
  rest.remove_prefix(1);
  const auto n = take_number<std::size_t>(rest, token);
  if (!rest.empty() || period == 0 || period > all.size() / 2 || n > most_repeated - all.size())
    malformed(token);
  for (std::size_t i = 0; i < n; ++i) all.push_back(extrapolated(all, all.size(), period));
}

/// The text up to the separator, which the rest loses.
std::string_view take_until(char separator, std::string_view& rest) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

/// The number of a thread that was started.
unsigned take_origin(std::string_view token, const std::vector<unsigned>& here,
                     thread_numbers& numbers) {
  std::string_view rest = token;
  const auto parent = take_number<std::uint16_t>(rest, token);
  if (!rest.starts_with('.') || parent >= here.size()) malformed(token);
  rest.remove_prefix(1);
  const auto nth = take_number<std::uint16_t>(rest, token);
  const auto number = rest.empty()
                          ? numbers.number_of({static_cast<std::uint16_t>(here[parent]), nth})
                          : std::nullopt;
  if (!number) malformed(token);
  return *number;
}

}  // namespace

plan::plan(const graph& g, std::size_t stamp)
    : threads_(g.threads()), origins_(g.numbers().origins()) {
  for (unsigned t = 0; t < threads_; ++t) {
    for (std::size_t i = 0; i < g.length(t); ++i) {
      const event& e = g.at({static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(i)});
      if (e.stamp >= stamp) break;
      decision d;
      d.choice = e.choice;
      if (e.kind == event_kind::read) {
        d.kind = decision::of::read;
        d.source = e.rf;
      } else if (e.kind == event_kind::write) {
        d.kind = decision::of::write;
        d.position = e.position;
      } else if (e.kind == event_kind::choice) {
        d.kind = decision::of::choice;
      }
      decisions_[t].push_back(d);
    }
  }
}

plan::plan(std::string_view text, thread_numbers& numbers) : threads_(0) {
  std::string_view origins = text;
  std::string_view rest = take_until('@', origins);
  const auto named = static_cast<unsigned>(std::count(rest.begin(), rest.end(), '/')) + 1;
  // The number here of each thread of the text.
  std::vector<unsigned> here(numbers.first());
  std::iota(here.begin(), here.end(), 0U);
  while (!origins.empty()) here.push_back(take_origin(take_until(',', origins), here, numbers));
  if (named != here.size())
    throw std::invalid_argument("the execution has " + std::to_string(named - 1) +
                                " threads and the program " + std::to_string(here.size() - 1));
  for (const unsigned thread : here) {
    std::string_view events = take_until('/', rest);
    while (!events.empty()) add_parsed(decisions_[thread], take_until(',', events));
    for (decision& d : decisions_[thread]) {
      if (d.source == init_event) continue;
      if (d.source.thread >= here.size()) malformed(text_of(d));
      d.source.thread = static_cast<std::uint16_t>(here[d.source.thread]);
    }
  }
  threads_ = numbers.end();
  origins_ = numbers.origins();
  check();
}

void plan::check() const {
  for (const std::vector<decision>& thread : decisions_) {
    for (const decision& d : thread) {
      if (d.source == init_event) continue;
      if (d.source.index >= decisions_[d.source.thread].size() ||
          decisions_[d.source.thread][d.source.index].kind != decision::of::write)
        malformed(text_of(d));
    }
  }
}

std::string plan::text() const {
  std::string s;
  for (unsigned t = 0; t < threads_; ++t) {
    if (t != 0) s += '/';
    s += text_of(decisions_[t]);
  }
  for (const thread_origin& o : origins_)
    s += (&o == origins_.data() ? "@" : ",") + std::to_string(o.parent) + "." +
         std::to_string(o.nth);
  return s;
}

}  // namespace runnel::model
