// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace runnel::reference {

namespace {

using litmus::change;
using litmus::condition;

/// What a thread does next.
struct operation {
  enum class kind : std::uint8_t { ended, stopped, load, store, modify, fence, await, choose };
  kind is = kind::ended;
  std::memory_order order = std::memory_order::relaxed;
  int location = 0;
  int value = 0;  ///< written, or the number to choose from
  change how{};
  condition until{};
};

/// Lets a thread do what its events say, up to its next operation.
class replay final : public litmus::machine {
 public:
  replay(const std::vector<event>& events, litmus::registers& r) : machine(r), events_(events) {}

  int load(unsigned l, std::memory_order o) override {
    return next({.is = operation::kind::load, .order = o, .location = static_cast<int>(l)}).value;
  }
  void store(unsigned l, int value, std::memory_order o) override {
    (void)next({.is = operation::kind::store,
                .order = o,
                .location = static_cast<int>(l),
                .value = value});
  }
  int modify(unsigned l, const change& c) override {
    const event& read =
        next({.is = operation::kind::modify, .location = static_cast<int>(l), .how = c});
    if (read.rmw) ++position_;
    return read.value;
  }
  void fence(std::memory_order o) override {
    (void)next({.is = operation::kind::fence, .order = o});
  }
  int await(unsigned l, condition c, std::memory_order o) override {
    return next({.is = operation::kind::await,
                 .order = o,
                 .location = static_cast<int>(l),
                 .until = c})
        .value;
  }
  int choose(int n) override { return next({.is = operation::kind::choose, .value = n}).value; }
  void stop() override { throw operation{.is = operation::kind::stopped}; }

 private:
  const event& next(const operation& op) {
    if (position_ == events_.size()) throw op;
    return events_[position_++];
  }

  const std::vector<event>& events_;
  std::size_t position_ = 0;
};

operation next_operation(const litmus::body& thread, const std::vector<event>& events) {
  litmus::registers unused;
  replay m(events, unused);
  try {
    thread(m);
  } catch (const operation& op) {
    return op;
  }
  return {};
}

class search {
 public:
  search(const litmus::program& p, std::size_t most, seq_cst_axiom a)
      : program_(p), most_(most), axiom_(a) {}

  graphs run() {
    graph g;
    g.threads.resize(program_.threads.size());
    g.mo.resize(program_.locations);
    visit(g);
    return std::move(found_);
  }

 private:
  void visit(const graph& g) {
    if (!seen_.insert(g).second) return;
    if (++found_.candidates > most_) throw std::length_error("too many candidates");
    if (!consistent(g, axiom_)) return;
    bool all_ended = true;
    bool stuck = true;
    for (std::size_t t = 0; t < g.threads.size(); ++t) {
      const operation op = next_operation(program_.threads[t], g.threads[t]);
      if (op.is == operation::kind::ended) continue;
      all_ended = false;
      if (!waits_for_ever(g, op)) stuck = false;
      extend(g, t, op);
    }
    if (all_ended) {
      found_.complete.insert(g);
    } else if (stuck) {
      found_.stuck.insert(g);
    }
  }

  bool waits_for_ever(const graph& g, const operation& op) const {
    if (op.is != operation::kind::await) return false;
    const auto& mo = g.mo[static_cast<std::size_t>(op.location)];
    return !op.until(
        value_of(g, op.location, mo.empty() ? event_name{-1, op.location} : mo.back()));
  }

  void extend(const graph& g, std::size_t t, const operation& op) {
    switch (op.is) {
      case operation::kind::load:
      case operation::kind::modify:
      case operation::kind::await: extend_with_read(g, t, op); return;
      case operation::kind::store: {
        extend_with_write(g, t,
                          {.kind = event_kind::write,
                           .order = op.order,
                           .location = op.location,
                           .value = op.value});
        return;
      }
      case operation::kind::fence: {
        visit(with(g, t, {.kind = event_kind::fence, .order = op.order}));
        return;
      }
      case operation::kind::choose: {
        for (int c = 0; c < op.value; ++c)
          visit(with(g, t, {.kind = event_kind::choice, .value = c}));
        return;
      }
      case operation::kind::ended:
      case operation::kind::stopped: return;
    }
  }

  void extend_with_read(const graph& g, std::size_t t, const operation& op) {
    std::vector<event_name> sources = g.mo[static_cast<std::size_t>(op.location)];
    sources.push_back({-1, op.location});
    for (const event_name source : sources) {
      const int value = value_of(g, op.location, source);
      event read{.kind = event_kind::read,
                 .order = op.order,
                 .location = op.location,
                 .value = value,
                 .rf = source};
      if (op.is == operation::kind::await && !op.until(value)) continue;
      if (op.is != operation::kind::modify) {
        visit(with(g, t, read));
        continue;
      }
      const std::optional<int> written = result_of(op.how, value);
      read.rmw = written.has_value();
      read.order = written ? op.how.success : op.how.failure;
      const graph longer = with(g, t, read);
      if (written) {
        extend_with_write(longer, t,
                          {.kind = event_kind::write,
                           .order = read.order,
                           .location = op.location,
                           .value = *written});
      } else {
        visit(longer);
      }
    }
  }

  void extend_with_write(const graph& g, std::size_t t, const event& e) {
    const graph longer = with(g, t, e);
    const event_name name{static_cast<int>(t), static_cast<int>(g.threads[t].size())};
    const auto location = static_cast<std::size_t>(e.location);
    for (std::size_t place = 0; place <= g.mo[location].size(); ++place) {
      graph placed = longer;
      auto& mo = placed.mo[location];
      mo.insert(mo.begin() + static_cast<std::ptrdiff_t>(place), name);
      visit(placed);
    }
  }

  static std::optional<int> result_of(const change& c, int value) {
    switch (c.how) {
      case change::kind::add: return value + c.operand;
      case change::kind::exchange: return c.operand;
      case change::kind::compare:
        return value == c.expected ? std::optional(c.operand) : std::nullopt;
    }
    return std::nullopt;
  }

  int value_of(const graph& g, int location, event_name write) const {
    if (write.thread >= 0)
      return g
          .threads[static_cast<std::size_t>(write.thread)][static_cast<std::size_t>(write.index)]
          .value;
    const auto l = static_cast<std::size_t>(location);
    return l < program_.initial.size() ? program_.initial[l] : 0;
  }

  static graph with(const graph& g, std::size_t t, const event& e) {
    graph longer = g;
    longer.threads[t].push_back(e);
    return longer;
  }

  const litmus::program& program_;
  std::size_t most_;
  seq_cst_axiom axiom_;
  std::set<graph> seen_;
  graphs found_;
};

}  // namespace

graphs explore(const litmus::program& p, std::size_t most_candidates, seq_cst_axiom a) {
  return search(p, most_candidates, a).run();
}

std::set<std::string> outcomes_of(const litmus::program& p, const graphs& g) {
  std::set<std::string> texts;
  for (const graph& one : g.complete) {
    litmus::registers r;
    for (std::size_t t = 0; t < p.threads.size(); ++t) {
      replay m(one.threads[t], r);
      p.threads[t](m);
    }
    std::vector<int> finals;
    for (const char letter : p.finals) {
      const auto l = static_cast<std::size_t>(litmus::location_of(letter));
      const auto& mo = one.mo[l];
      const int initial = l < p.initial.size() ? p.initial[l] : 0;
      finals.push_back(mo.empty() ? initial
                                  : one.threads[static_cast<std::size_t>(mo.back().thread)]
                                               [static_cast<std::size_t>(mo.back().index)]
                                                   .value);
    }
    texts.insert(litmus::text_of(r, p, finals));
  }
  return texts;
}

}  // namespace runnel::reference
