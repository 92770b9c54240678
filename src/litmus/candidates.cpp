// SPDX-License-Identifier: MIT
#include "candidates.hpp"

#include "code.hpp"
#include "relation.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace runnel::litmus_core {

namespace {

constexpr std::size_t most_values = 64;         // of a location
constexpr std::size_t most_traces = 1'000'000;  // of a thread
constexpr const char* time_is_over = "the time is over";

/// What a thread does if it reads certain values.
struct trace {
  std::vector<event> events;
  std::vector<value> locals;
  bool complete = true;
};

/// The values that a location may have: those that some thread may write there, whatever it reads.
using domains = std::vector<std::vector<value>>;

/// Runs a thread with each choice of what it reads.
class tracer {
 public:
  tracer(const thread& t, unsigned number, const candidate_options& o, const domains& d)
      : code_(compiled(t)), locals_(t.locals.size()), number_(number), options_(o), domains_(d) {}

  /// Nothing if there are too many, or enough.
  std::optional<std::vector<trace>> all() {
    std::vector<trace> traces;
    do {
      next_choice_ = 0;
      if (auto t = run()) traces.push_back(std::move(*t));
      if (traces.size() > most_traces || (options_.is_over && options_.is_over(0)))
        return std::nullopt;
    } while (advance());
    return traces;
  }

 private:
  struct choice {
    std::size_t taken;
    std::size_t of;
  };

  std::size_t choose(std::size_t of) {
    if (next_choice_ == choices_.size()) choices_.push_back({0, of});
    return choices_[next_choice_++].taken;
  }

  bool advance() {
    while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().of)
      choices_.pop_back();
    if (choices_.empty()) return false;
    ++choices_.back().taken;
    return true;
  }

  /// Nothing if it assumes what does not hold.
  std::optional<trace> run() {
    machine m(code_, options_.rounds);
    trace t;
    for (;;) {
      const machine::stop s = m.go_on();
      if (s == machine::stop::assumed) return std::nullopt;
      if (s != machine::stop::access || t.events.size() > relation::most_events) {
        t.complete = s == machine::stop::finished;
        break;
      }
      if (!access(m, t)) return std::nullopt;
    }
    for (unsigned l = 0; l < locals_; ++l) t.locals.push_back(m.local(l));
    return t;
  }

  event event_of(const instruction& i, event::kind is, std::memory_order order, value v) const {
    const bool plain = is != event::kind::fence && i.access.plain;
    return {.is = is,
            .thread = number_,
            .plain = plain,
            .order = plain ? std::memory_order::relaxed : order,
            .location = is == event::kind::fence ? 0 : i.access.location,
            .value = v,
            .at = i.at};
  }

  /// False: this is none, since a compare-exchange that may fail weakly fails anyway.
  bool access(machine& m, trace& t) {
    const instruction& i = m.at();
    const std::memory_order order = i.access.order;
    if (i.is == instruction::kind::fence || i.is == instruction::kind::store) {
      const bool writes = i.is == instruction::kind::store;
      t.events.push_back(event_of(i, writes ? event::kind::write : event::kind::fence, order,
                                  writes ? m.operand() : 0));
      m.done();
      return true;
    }
    const bool fails_weakly = i.weak && choose(2) == 1;
    const std::vector<value>& values = domains_[i.access.location];
    const value read = values[choose(values.size())];
    const bool compares = i.is == instruction::kind::compare;
    if (fails_weakly && read != m.expected()) return false;
    const bool writes =
        i.is == instruction::kind::update || (compares && !fails_weakly && read == m.expected());
    event r = event_of(i, event::kind::read, compares && !writes ? i.failure : order, read);
    r.rmw = writes;
    t.events.push_back(r);
    if (writes) {
      event w = event_of(i, event::kind::write, order,
                         compares ? m.operand() : result_of(i.updates, read, m.operand()));
      w.rmw = true;
      t.events.push_back(w);
    }
    if (compares) {
      m.compared(writes, read);
    } else {
      m.done(read);
    }
    return true;
  }

  code code_;
  std::size_t locals_;
  unsigned number_;
  const candidate_options& options_;
  const domains& domains_;
  std::vector<choice> choices_;
  std::size_t next_choice_ = 0;
};

class enumeration {
 public:
  enumeration(const program& p, const candidate_options& o,
              const std::function<void(const execution&, bool complete)>& visit)
      : program_(p), options_(o), visit_(visit), traces_(p.threads.size()) {}

  std::string run() {
    if (!find_traces()) return why_not_;
    taken_.resize(program_.threads.size());
    take_traces(0, 1);
    return why_not_;
  }

 private:
  /// Until the threads write no other values than they may read; or as often as they write: a value does not come from
  /// more writes than there are.
  bool find_traces() {
    domains_.clear();
    for (const location& l : program_.locations) domains_.push_back({l.initial});
    for (std::size_t pass = 0;; ++pass) {
      domains longer = domains_;
      std::size_t writes = 0;
      for (unsigned t = 0; t < program_.threads.size(); ++t) {
        auto all = tracer(program_.threads[t], t, options_, domains_).all();
        if (!all && options_.is_over && options_.is_over(0)) return gives_up(time_is_over);
        if (!all) return gives_up("there are too many ways through thread " + std::to_string(t));
        std::size_t most = 0;
        for (const trace& one : *all) most = std::max(most, add_written(one, longer));
        writes += most;
        traces_[t] = std::move(*all);
      }
      if (longer == domains_ || pass >= writes) return true;
      domains_ = std::move(longer);
      const auto is_large = [](const std::vector<value>& d) { return d.size() > most_values; };
      if (std::ranges::any_of(domains_, is_large))
        return gives_up("a location may have more than " + std::to_string(most_values) + " values");
    }
  }

  bool gives_up(std::string why) {
    why_not_ = std::move(why);
    return false;
  }

  /// How many writes it has.
  static std::size_t add_written(const trace& t, domains& d) {
    std::size_t n = 0;
    for (const event& e : t.events) {
      if (e.is != event::kind::write) continue;
      ++n;
      std::vector<value>& values = d[e.location];
      if (std::ranges::find(values, e.value) == values.end()) values.push_back(e.value);
    }
    return n;
  }

  /// `share`: of all candidates, as if there were as many behind each choice; here and below.
  void take_traces(std::size_t thread, double share) {
    if (thread == traces_.size()) return connect(share);
    for (const trace& t : traces_[thread]) {
      taken_[thread] = &t;
      take_traces(thread + 1, share / static_cast<double>(traces_[thread].size()));
      if (!why_not_.empty()) return;
    }
  }

  void connect(double share) {
    made_ = {};
    complete_ = true;
    for (const trace* t : taken_) {
      made_.events.insert(made_.events.end(), t->events.begin(), t->events.end());
      made_.locals.push_back(t->locals);
      complete_ = complete_ && t->complete;
    }
    made_.mo.assign(program_.locations.size(), {});
    if (program_.locations.size() + made_.events.size() > relation::most_events) {
      why_not_ = "an execution has more than " + std::to_string(relation::most_events) +
                 " events, its initial values included";
      return;
    }
    take_sources(0, share);
  }

  void take_sources(std::size_t e, double share) {
    while (e < made_.events.size() && made_.events[e].is != event::kind::read) ++e;
    if (e == made_.events.size()) return take_places(0, share);
    const std::vector<std::size_t> sources = sources_of(e);
    if (sources.empty()) return pass(share);
    for (const std::size_t source : sources) {
      made_.events[e].source = source;
      take_sources(e + 1, share / static_cast<double>(sources.size()));
      if (!why_not_.empty()) return;
    }
  }

  [[nodiscard]] std::vector<std::size_t> sources_of(std::size_t e) const {
    const event& r = made_.events[e];
    std::vector<std::size_t> sources;
    if (r.value == program_.locations[r.location].initial) sources.push_back(event::initial);
    for (std::size_t w = 0; w < made_.events.size(); ++w) {
      const event& write = made_.events[w];
      if (write.is != event::kind::write || write.location != r.location || write.value != r.value)
        continue;
      if (r.rmw && w == e + 1) continue;
      if (options_.plausible_only && write.thread == r.thread && w > e) continue;
      sources.push_back(w);
    }
    return sources;
  }

  /// Of the writes from this event on, among those before.
  void take_places(std::size_t e, double share) {
    while (e < made_.events.size() && made_.events[e].is != event::kind::write) ++e;
    if (e == made_.events.size()) return finish(share);
    std::vector<std::size_t>& mo = made_.mo[made_.events[e].location];
    const double part = share / static_cast<double>(mo.size() + 1);
    for (std::size_t place = mo.size() + 1; place-- > 0 && why_not_.empty();) {
      mo.insert(mo.begin() + static_cast<std::ptrdiff_t>(place), e);
      take_places(e + 1, part);
      mo.erase(mo.begin() + static_cast<std::ptrdiff_t>(place));
      const bool follows_own =
          place > 0 && made_.events[mo[place - 1]].thread == made_.events[e].thread;
      if (options_.plausible_only && follows_own) return pass(part * static_cast<double>(place));
    }
  }

  void finish(double share) {
    pass(share);
    if (why_not_.empty()) visit_(made_, complete_);
  }

  void pass(double share) {
    if (why_not_.empty() && options_.is_over && options_.is_over(done_)) why_not_ = time_is_over;
    done_ += share;
  }

  const program& program_;
  const candidate_options& options_;
  const std::function<void(const execution&, bool complete)>& visit_;
  domains domains_;
  std::vector<std::vector<trace>> traces_;
  std::vector<const trace*> taken_;
  execution made_;
  bool complete_ = true;
  double done_ = 0;
  std::string why_not_;
};

}  // namespace

std::string for_each_candidate(const program& p, const candidate_options& o,
                               const std::function<void(const execution&, bool complete)>& visit) {
  return enumeration(p, o, visit).run();
}

}  // namespace runnel::litmus_core
