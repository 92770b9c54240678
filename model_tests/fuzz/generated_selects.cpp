// SPDX-License-Identifier: MIT
#include "generated_selects.hpp"

#include "step_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runnel::check::fuzz {

namespace {

using how = select_step::how;
using select_case = select_step::select_case;
using thread_steps = std::vector<select_step>;
using spec::op;

constexpr std::size_t most_channels = 2;
constexpr std::size_t most_cases = 3;

/// Of each channel: whether the first thread sends, and not the others.
using directions = std::array<bool, most_channels>;

step plain_call(random_source& random, bool sends) {
  if (sends) return random.one_of({send(0), send(0), try_send(0), send_for(0)});
  return random.one_of({recv(), recv(), try_recv(), recv_for()});
}
step call_of_case(bool sends) { return sends ? send(0) : recv(); }

bool waits_for_ever(const select_step& s) {
  if (s.kind == how::plain) return s.cases[0].call.op == op::send || s.cases[0].call.op == op::recv;
  return s.kind == how::select || s.kind == how::fair;
}

how random_kind(random_source& random) {
  return random.one_of(
      {how::select, how::select, how::select, how::try_now, how::for_a_while, how::fair});
}

/// A select of the first thread.
select_step select_of_all(random_source& random, const directions& sends, std::size_t channels) {
  select_step s{random_kind(random), {}};
  const std::size_t first = random.one_of<std::size_t>({0, 1}) % channels;
  for (std::size_t i = 0; i < channels; ++i) {
    const std::size_t c = (first + i) % channels;
    s.cases.push_back({c, call_of_case(sends.at(c))});
  }
  const bool again = channels == 1 || random.one_of({true, false, false, false});
  if (again) s.cases.push_back(s.cases[0]);
  return s;
}

/// A call of another thread.
select_step other_step(random_source& random, const directions& first_sends, std::size_t channels) {
  const auto channel = [&] { return random.one_of<std::size_t>({0, 1}) % channels; };
  const std::size_t c = channel();
  const bool sends = !first_sends.at(c);
  if (random.one_of({true, true, false})) return plain(c, plain_call(random, sends));
  const std::size_t d = channel();
  return {random_kind(random), {{c, call_of_case(sends)}, {d, call_of_case(!first_sends.at(d))}}};
}

/// Which sides of a channel a thread is on.
struct sides {
  bool sends = false;
  bool receives = false;
};
sides sides_of(const thread_steps& t, std::size_t channel) {
  sides s;
  for (const select_step& step : t) {
    for (const select_case& c : step.cases) {
      if (c.channel != channel) continue;
      s.sends = s.sends || spec::is_send(c.call.op);
      s.receives = s.receives || spec::is_recv(c.call.op);
    }
  }
  return s;
}

/// Whether the sides on which the threads are of the channel may be theirs.
bool is_valid(const select_program& p, std::size_t channel, bool mpmc) {
  const sides first = sides_of(p.threads[0], channel);
  sides others;
  int receivers = first.receives ? 1 : 0;
  for (std::size_t t = 1; t < p.threads.size(); ++t) {
    const sides s = sides_of(p.threads[t], channel);
    others.sends = others.sends || s.sends;
    others.receives = others.receives || s.receives;
    receivers += s.receives ? 1 : 0;
  }
  const bool apart = !(first.sends && others.sends) && !(first.receives && others.receives);
  return apart && !(first.sends && first.receives) && !(others.sends && others.receives) &&
         (mpmc || receivers <= 1);
}

bool is_valid(const select_step& s, std::size_t channels) {
  return !s.cases.empty() && s.cases.size() <= most_cases &&
         (s.kind != how::plain || s.cases.size() == 1) &&
         std::ranges::all_of(s.cases, [&](const select_case& c) { return c.channel < channels; });
}

bool waits_for_all(const select_step& s, std::size_t channels) {
  for (std::size_t c = 0; c < channels; ++c) {
    if (std::ranges::find(s.cases, c, &select_case::channel) == s.cases.end()) return false;
  }
  return true;
}

unsigned size_of(const select_step& s) {
  if (s.kind == how::plain) return spec::is_timed(s.cases[0].call.op) ? 5 : 3;
  const unsigned of_cases = 2 * static_cast<unsigned>(s.cases.size());
  return of_cases + (s.kind == how::fair ? 4 : s.kind == how::for_a_while ? 2 : 0);
}

const char* name_of(how kind) {
  switch (kind) {
    case how::plain: return "plain";
    case how::select: return "select";
    case how::try_now: return "try_select";
    case how::for_a_while: return "select_for";
    case how::fair: break;
  }
  return "fair_select";
}

/// What a select may be replaced by: the simplest first.
std::vector<how> simpler_kinds(how kind) {
  switch (kind) {
    case how::for_a_while: return {how::select, how::try_now};
    case how::fair:
    case how::try_now: return {how::select};
    default: return {};
  }
}

template <class T>
void erase(std::vector<T>& from, std::size_t place) {
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(place));
}

class candidates {
 public:
  explicit candidates(const select_program& from) : from_(from) {}
  template <class Change>
  void add(Change change) {
    change(all_.emplace_back(from_));
  }
  std::vector<select_program> take() { return std::move(all_); }

 private:
  const select_program& from_;
  std::vector<select_program> all_;
};

void drop_parts(candidates& all, const select_program& p) {
  for (std::size_t t = 0; t < p.threads.size(); ++t)
    all.add([t](select_program& fewer) { erase(fewer.threads, t); });
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    for (std::size_t i = 0; i < p.threads[t].size(); ++i)
      all.add([t, i](select_program& fewer) { erase(fewer.threads[t], i); });
  }
}

void simplify(candidates& all, const select_step& s, std::size_t t, std::size_t i) {
  const auto change = [&](auto f) {
    all.add([&](select_program& other) { f(other.threads[t][i]); });
  };
  if (s.kind == how::plain) {
    for (const op o : simpler_than(s.cases[0].call.op))
      change([o](select_step& x) { x.cases[0].call.op = o; });
    return;
  }
  for (std::size_t c = 0; c < s.cases.size() && s.cases.size() > 1; ++c)
    change([c](select_step& x) { erase(x.cases, c); });
  if (s.cases.size() == 1 && s.kind == how::select)
    change([](select_step& x) { x.kind = how::plain; });
  for (const how kind : simpler_kinds(s.kind)) change([kind](select_step& x) { x.kind = kind; });
}

/// Takes the last channel away, if nobody uses it.
void drop_channel(candidates& all, const select_program& p) {
  const std::size_t last = p.capacities.size() - 1;
  const bool is_used = std::ranges::any_of(p.threads, [last](const thread_steps& t) {
    const sides s = sides_of(t, last);
    return s.sends || s.receives;
  });
  if (last != 0 && !is_used) all.add([](select_program& one) { one.capacities.pop_back(); });
}

}  // namespace

select_program random_selects(random_source& random, bool mpmc) {
  for (;;) {
    select_program p;
    const std::size_t channels = random.one_of<std::size_t>({1, 2, 2, 2});
    directions first_sends{};
    for (std::size_t c = 0; c < channels; ++c) {
      p.capacities.push_back(random.one_of<std::optional<std::size_t>>({rendezvous, 1, unbounded}));
      first_sends.at(c) = random.one_of({true, false});
    }
    const std::size_t others = random.one_of<std::size_t>({1, 2});
    const std::size_t selects = others == 1 ? random.one_of<std::size_t>({1, 2}) : 1;
    thread_steps& first = p.threads.emplace_back();
    for (std::size_t i = 0; i < selects; ++i)
      first.push_back(select_of_all(random, first_sends, channels));
    for (std::size_t t = 0; t < others; ++t) {
      thread_steps& other = p.threads.emplace_back();
      const std::size_t calls = random.one_of<std::size_t>({1, 2});
      for (std::size_t i = 0; i < calls; ++i)
        other.push_back(other_step(random, first_sends, channels));
    }
    if (is_valid(p, mpmc)) return p;
  }
}

/// Fitted by eye to programs that were explored.
unsigned estimated_size(const select_program& p) {
  unsigned size = p.threads.size() == 3 ? 6 : 3;
  for (const thread_steps& t : p.threads) {
    for (const select_step& s : t) {
      const bool is_another = &t != p.threads.data() && s.kind != how::plain;
      size += size_of(s) + (is_another ? 1 : 0);
    }
  }
  return size;
}

bool is_valid(const select_program& p, bool mpmc) {
  const std::size_t channels = p.capacities.size();
  if (p.threads.size() < 2 || p.threads.size() > 3) return false;
  for (const thread_steps& t : p.threads) {
    if (!std::ranges::all_of(t, [&](auto& s) { return is_valid(s, channels); })) return false;
  }
  for (std::size_t c = 0; c < channels; ++c) {
    if (!is_valid(p, c, mpmc)) return false;
  }
  return std::ranges::all_of(p.threads[0], [&](const select_step& s) {
    return !waits_for_ever(s) || waits_for_all(s, channels);
  });
}

std::size_t operations(const select_program& p) {
  std::size_t n = 0;
  for (const thread_steps& t : p.threads) n += t.size();
  return n;
}

void number_values(select_program& p) {
  std::uint8_t last = 0;
  for (thread_steps& t : p.threads) {
    for (select_step& s : t) {
      for (select_case& c : s.cases) {
        if (spec::is_send(c.call.op)) c.call.value = ++last;
      }
    }
  }
}

std::vector<select_program> simpler(const select_program& p) {
  candidates all(p);
  drop_parts(all, p);
  drop_channel(all, p);
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    for (std::size_t i = 0; i < p.threads[t].size(); ++i) simplify(all, p.threads[t][i], t, i);
  }
  return all.take();
}

std::string text(const select_step& s) {
  if (s.kind == how::plain)
    return "plain(" + std::to_string(s.cases[0].channel) + ", " + text(s.cases[0].call) + ")";
  std::string cases;
  for (const select_case& c : s.cases)
    cases += (cases.empty() ? "{" : ", {") + std::to_string(c.channel) + ", " + text(c.call) + "}";
  return name_of(s.kind) + ("({" + cases + "})");
}

std::string text(const select_program& p) {
  std::string line;
  for (const auto& c : p.capacities) line += (line.empty() ? "" : " and ") + flavour_text(c);
  line += ": ";
  for (const thread_steps& t : p.threads) {
    line += &t == &p.threads.front() ? "thread({" : ", thread({";
    for (const select_step& s : t) line += (&s == &t.front() ? "" : ", ") + text(s);
    line += "})";
  }
  return line;
}

}  // namespace runnel::check::fuzz
