// SPDX-License-Identifier: MIT
#include "relacy_report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace runnel::check {
namespace {

std::uint64_t number(std::string_view digits, std::string_view replay) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw std::invalid_argument("not a replay of a Relacy check: " + std::string(replay));
  return n;
}

/// The text before the first separator, which is removed from `rest` together with it.
std::string_view cut(std::string_view& rest, std::string_view separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view before = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + separator.size());
  return before;
}

/// The text between the two, if both are there.
std::string_view between(std::string_view all, std::string_view left, std::string_view right) {
  const std::size_t begin = all.find(left);
  if (begin == std::string_view::npos) return {};
  all.remove_prefix(begin + left.size());
  return all.substr(0, all.find(right));
}

/// "[12] 0: <0x7ffd> atomic load, value=0, order=relaxed, in ring.send_position, a/ring.hpp(97)"
struct event {
  std::string_view thread;
  std::string_view what;
  std::string_view site;
  std::string_view file;
};

std::optional<event> parse(std::string_view line) {
  if (!line.starts_with('[')) return std::nullopt;
  event e;
  cut(line, "] ");
  e.thread = cut(line, ": ");
  const std::size_t in = line.rfind(", in ");
  if (in == std::string_view::npos) return std::nullopt;
  e.what = line.substr(0, in);
  e.site = line.substr(in + 5);
  const std::size_t comma = e.site.find(", ");
  if (comma != std::string_view::npos) {
    e.file = e.site.substr(comma + 2);
    e.site = e.site.substr(0, comma);
    e.file.remove_prefix(e.file.rfind('/') + 1);
  }
  return e;
}

/// Addresses differ from run to run; the history calls objects a, b, c in the order they appear.
class names {
 public:
  std::string of(std::string_view address) {
    if (address == "0" || address == "0x0") return "null";
    const auto [known, is_new] = names_.try_emplace(std::string(address), std::string());
    if (is_new) known->second = name(names_.size() - 1);
    return known->second;
  }

  std::string in(std::string_view text) {
    std::string named;
    while (!text.empty()) {
      named += cut(text, "<");
      if (text.empty()) break;
      named += of(cut(text, ">"));
    }
    return named;
  }

 private:
  static std::string name(std::size_t n) {
    std::string letters;
    for (++n; n != 0; n = (n - 1) / 26)
      letters.insert(letters.begin(), static_cast<char>('a' + (n - 1) % 26));
    return letters;
  }

  std::map<std::string, std::string> names_;
};

std::string order_in(std::string_view what) {
  return " " + std::string(between(what, "order=", ","));
}

std::string operation(std::string_view what, names& n) {
  const auto field = [&](std::string_view left, std::string_view right = ",") {
    return n.in(between(what, left, right));
  };
  const std::string object = n.in(what.substr(0, what.find('>') + 1));
  if (what.find(" atomic load, ") != std::string_view::npos) {
    const bool stale = what.find("[NOT CURRENT]") != std::string_view::npos;
    return object + " is " + n.in(between(what, "value=", stale ? " [" : ", ")) +
           (stale ? " (not the newest)" : "") + order_in(what);
  }
  if (what.find(" atomic store, ") != std::string_view::npos)
    return object + " = " + field("value=") + order_in(what);
  if (what.find(" CAS ") != std::string_view::npos) {
    const std::string now = field("orig=");
    if (what.find(" CAS succ") != std::string_view::npos)
      return object + " from " + now + " to " + field("xchg=") + order_in(what);
    return object + " stays " + now + ", expected " + field("cmp=") +
           (what.find("SPURIOUSLY") != std::string_view::npos ? ", fails spuriously" : "");
  }
  if (what.find(", prev=") != std::string_view::npos)
    return object + " from " + field("prev=") + " to " + field("new=") + order_in(what);
  return n.in(what);
}

std::string describe(const event& e, names& n) {
  if (e.what == "blocking current thread") return "sleeps";
  if (e.what == "blocking current thread [timed]") return "sleeps with a deadline";
  if (e.what.starts_with("unblocking thread "))
    return "wakes thread " + std::string(e.what.substr(18));
  if (e.site == "wait" && e.what.find(" CAS ") != std::string_view::npos) {
    const std::string_view value = between(e.what, "orig=", ",");
    return n.in(e.what.substr(0, e.what.find('>') + 1)) + " is " + std::string(value);
  }
  if (e.what.starts_with("memory ")) {
    const std::string_view size = between(e.what, ", size=", ",");
    return n.of(between(e.what, "addr=", ",")) +
           (size.empty() ? "" : ", " + std::string(size) + " bytes");
  }
  return operation(e.what, n);
}

bool is_phase(std::string_view what) { return what.starts_with('[') || what == "ITERATION END"; }

/// The phases of an execution, in words; nothing for those that do not matter.
std::string_view phase(std::string_view what) {
  if (what == "[BEFORE BEGIN]") return "before the threads";
  if (what == "[BEFORE END]") return "threads";
  if (what == "[AFTER BEGIN]") return "after the threads";
  return {};
}

std::string padded(std::string s, std::size_t width) {
  if (s.size() < width) s.resize(width, ' ');
  return s + " ";
}

std::string line_of(const event& e, bool in_threads, names& n, std::string_view failure) {
  if (e.site == "note") return "| " + std::string(e.what);
  std::string line = padded(in_threads ? "thread " + std::string(e.thread) : "", 8);
  // Relacy's own events have the name of one of its functions.
  const bool own = e.file.empty() || e.file.starts_with("context.hpp");
  if (e.what.front() >= 'A' && e.what.front() <= 'Z')
    return line + "FAILED: " + std::string(failure);
  line += padded(std::string(e.site), 24);
  line += describe(e, n);
  const std::size_t bracket = e.file.rfind('(');
  if (!own && bracket != 0 && bracket != std::string_view::npos)
    line += "   " + std::string(e.file.substr(0, bracket)) + ":" +
            std::string(between(e.file.substr(bracket), "(", ")"));
  return line;
}

constexpr std::size_t lines_at_the_begin = 100;
constexpr std::size_t lines_at_the_end = 300;

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == lines_at_the_begin && lines.size() > lines_at_the_begin + lines_at_the_end) {
      i = lines.size() - lines_at_the_end;
      all += "... " + std::to_string(i - lines_at_the_begin) + " lines left out\n";
    }
    all += lines[i];
    all += '\n';
  }
  return all;
}

}  // namespace

void relacy_choices::stop_at(std::string_view state) {
  const std::string_view execution = cut(state, " ");
  executions = 1;
  if (kind == search_kind::random)
    first = number(execution, execution);
  else
    choices = state;
}

relacy_choices first_choices(const search& s) {
  relacy_choices c;
  c.kind = s.kind;
  c.bound = s.bound;
  if (s.kind == search_kind::random) {
    c.executions = std::max<std::uint64_t>(s.executions, 1);
    c.first = 1 + (s.seed - 1) * c.executions;
  }
  return c;
}

relacy_choices parse_replay(std::string_view replay) {
  std::string_view rest = replay;
  const std::string_view kind = cut(rest, ":");
  relacy_choices c;
  if (kind == "random") {
    c.kind = search_kind::random;
    c.first = number(rest, replay);
    return c;
  }
  if (kind == "bounded") {
    c.kind = search_kind::bounded;
    c.bound = static_cast<unsigned>(number(cut(rest, ":"), replay));
  }
  if ((kind != "bounded" && kind != "full") ||
      rest.find_first_not_of(replay_digits) != std::string_view::npos)
    throw std::invalid_argument("not a replay of a Relacy check: " + std::string(replay));
  c.choices = rest;
  return c;
}

std::string text(const relacy_choices& c) {
  switch (c.kind) {
    case search_kind::random: return "random:" + std::to_string(c.first);
    case search_kind::bounded: return "bounded:" + std::to_string(c.bound) + ":" + c.choices;
    case search_kind::full: break;
  }
  return "full:" + c.choices;
}

std::string failure_text(std::string_view kind, unsigned sleeping) {
  const std::string threads = std::to_string(sleeping) + (sleeping == 1 ? " thread" : " threads");
  if (kind == kind::deadlock) return threads + " asleep, and nobody left to wake them";
  if (kind == kind::livelock) {
    return sleeping == 0 ? "the execution does not end"
                         : threads + " asleep or spinning, and nobody left to release them";
  }
  if (kind == kind::leak) return "something is still allocated after the test";
  if (kind == kind::bad_free) return "what is freed is not allocated";
  return std::string(kind);
}

std::string readable_history(std::string_view relacy_output, std::string_view failure) {
  std::vector<std::string> lines;
  names n;
  bool in_threads = false;
  cut(relacy_output, "execution history");
  cut(relacy_output, "\n");
  while (!relacy_output.empty()) {
    const std::string_view line = cut(relacy_output, "\n");
    if (line.empty()) break;  // Relacy goes on with the same events, thread by thread
    const std::optional<event> e = parse(line);
    // What the global operator delete frees; nothing is said where it was allocated.
    if (!e || (e->site.empty() && e->what.starts_with("memory "))) continue;
    if (is_phase(e->what)) {
      const std::string_view p = phase(e->what);
      if (!p.empty()) lines.push_back("--- " + std::string(p));
      in_threads = e->what == "[BEFORE END]" || (in_threads && e->what == "[THREAD FINISHED]");
      if (e->what == "[THREAD FINISHED]")
        lines.push_back(padded("thread " + std::string(e->thread), 8) + "has ended");
      continue;
    }
    lines.push_back(line_of(*e, in_threads, n, failure));
  }
  return joined(lines);
}

}  // namespace runnel::check
