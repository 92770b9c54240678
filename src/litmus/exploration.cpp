// SPDX-License-Identifier: MIT
#include "exploration.hpp"

#include <algorithm>

namespace runnel::litmus_core {

namespace {

model::operation_kind kind_of(update u) {
  switch (u) {
    case update::exchange: return model::operation_kind::exchange;
    case update::add: return model::operation_kind::add;
    case update::subtract: return model::operation_kind::subtract;
    case update::bit_and: return model::operation_kind::bit_and;
    case update::bit_or: return model::operation_kind::bit_or;
    case update::bit_xor: return model::operation_kind::bit_xor;
  }
  return model::operation_kind::read;
}

/// To the graph plain accesses are relaxed. That changes nothing where they do not race; and they do as long as nothing
/// orders them, which relaxed accesses do not.
std::memory_order order_of(const access& a) {
  return a.plain ? std::memory_order::relaxed : a.order;
}

bool is_plain(const instruction& i) { return i.is != instruction::kind::fence && i.access.plain; }

}  // namespace

exploration::exploration(const program& p, model::memory_model m, unsigned rounds)
    : program_(p),
      positions_(p.threads.size()),
      made_by_(p.threads.size()),
      explorer_(static_cast<unsigned>(p.threads.size()) + 1) {
  explorer_.follow(m);
  for (const thread& t : p.threads) codes_.push_back(compiled(t));
  for (const code& c : codes_) {
    machines_.emplace_back(c, rounds);
    has_plain_ = has_plain_ || std::ranges::any_of(c.instructions, is_plain);
  }
  for (std::uint32_t l = 0; l < p.locations.size(); ++l)
    explorer_.current().set_init(l, bits(p.locations[l].initial));
}

exploration::step exploration::visit() {
  step all = step::complete;
  for (unsigned t = 0; t < machines_.size(); ++t) {
    const step one = run(t);
    if (one == step::nothing || one == step::too_long) return one;
    // Others go on: what they write may be read instead.
    if (one != step::complete && all != step::excluded) all = one;
  }
  return all;
}

/// The whole thread.
exploration::step exploration::run(unsigned thread) {
  machine& m = machines_[thread];
  m.begin();
  positions_[thread] = 0;
  made_by_[thread].clear();
  excluded_ = false;
  for (;;) {
    switch (m.go_on()) {
      case machine::stop::finished: return step::complete;
      case machine::stop::assumed: return step::excluded;
      case machine::stop::unrolled: return step::cut;
      case machine::stop::access: break;
    }
    if (graph().order().size() > most_events) return step::too_long;
    if (!access(thread, m)) return step::nothing;
    if (excluded_) return step::excluded;
  }
}

/// The next one of the thread. False if it leads to no execution.
bool exploration::access(unsigned thread, machine& m) {
  const instruction& i = m.at();
  model::event e;
  e.order = order_of(i.access);
  e.location = i.access.location;
  e.kind = model::event_kind::read;
  switch (i.is) {
    case instruction::kind::fence:
      e.kind = model::event_kind::fence;
      e.location = 0;
      if (next(thread) == nullptr) explorer_.add_other(thread + 1, e);
      ++positions_[thread];
      made_by_[thread].push_back(&i);
      m.done();
      return true;
    case instruction::kind::store:
      e.kind = model::event_kind::write;
      e.value = bits(m.operand());
      made_by_[thread].push_back(&i);
      m.done();
      return write(thread, e);
    case instruction::kind::update:
      e.op = {.kind = kind_of(i.updates), .order = e.order, .operand = bits(m.operand())};
      return read(thread, m, e);
    case instruction::kind::compare:
      if (i.weak && weakly_fails(thread, m)) {
        e.order = i.failure;
        return read(thread, m, e);
      }
      e.op = {.kind = model::operation_kind::compare,
              .order = e.order,
              .failure = i.failure,
              .operand = bits(m.operand()),
              .expected = bits(m.expected())};
      return read(thread, m, e);
    default: return read(thread, m, e);
  }
}

/// Whether it fails although it need not: a choice, which comes before.
bool exploration::weakly_fails(unsigned thread, const machine& m) {
  if (next(thread) == nullptr) {
    model::event e;
    e.kind = model::event_kind::choice;
    e.choices = 2;
    explorer_.add_other(thread + 1, e);
  }
  made_by_[thread].push_back(&m.at());
  return graph().find(thread + 1, positions_[thread]++)->choice == 1;
}

bool exploration::read(unsigned thread, machine& m, const model::event& e) {
  if (next(thread) == nullptr) explorer_.add_read(thread + 1, e, model::acceptance{});
  const model::event r = *graph().find(thread + 1, positions_[thread]++);
  const instruction& i = m.at();
  made_by_[thread].push_back(&i);
  const auto value_read = static_cast<value>(r.value);
  if (i.is == instruction::kind::compare) {
    // What is not as expected fails anyway.
    const bool fails_weakly = e.op.kind == model::operation_kind::read;
    if (fails_weakly && value_read != m.expected()) excluded_ = true;
    m.compared(r.rmw, value_read);
  } else {
    m.done(value_read);
  }
  if (!r.rmw) return true;
  made_by_[thread].push_back(&i);
  return write(thread, model::write_of(r));
}

bool exploration::write(unsigned thread, const model::event& e) {
  const bool placed = next(thread) != nullptr || explorer_.add_write(thread + 1, e);
  ++positions_[thread];
  return placed;
}

// ---- What has been visited

void exploration::outcome_into(std::vector<value>& outcome,
                               const std::vector<observed>& shown) const {
  outcome.clear();
  for (const observed& o : shown) {
    if (o.thread != observed::no_thread) {
      outcome.push_back(machines_[static_cast<std::size_t>(o.thread)].local(o.index));
    } else {
      outcome.push_back(
          static_cast<value>(graph().value_at(o.index, graph().at(o.index).mo.size())));
    }
  }
}

/// Choices are no events of an execution.
std::size_t exploration::number_of(model::event_id e) const {
  std::size_t n = 0;
  for (unsigned t = 0; t < machines_.size(); ++t) {
    const std::size_t end = t + 1 == e.thread  ? e.index
                            : t + 1 < e.thread ? graph().length(t + 1)
                                               : 0;
    for (std::size_t i = 0; i < end; ++i)
      n += graph().find(t + 1, i)->kind != model::event_kind::choice;
  }
  return n;
}

execution exploration::made() const {
  execution x;
  for (unsigned t = 0; t < machines_.size(); ++t) {
    for (std::size_t i = 0; i < graph().length(t + 1); ++i) {
      const model::event& e = *graph().find(t + 1, i);
      if (e.kind == model::event_kind::choice) continue;
      const instruction& from = *made_by_[t][i];
      event shown{
          .thread = t, .plain = is_plain(from), .rmw = e.rmw, .order = e.order, .at = from.at};
      if (e.kind != model::event_kind::fence) {
        const bool reads = e.kind == model::event_kind::read;
        shown.is = reads ? event::kind::read : event::kind::write;
        shown.location = e.location;
        shown.value = static_cast<value>(e.value);
        if (reads && e.rf != model::init_event) shown.source = number_of(e.rf);
      }
      x.events.push_back(shown);
    }
    std::vector<value>& locals = x.locals.emplace_back();
    for (unsigned l = 0; l < program_.threads[t].locals.size(); ++l)
      locals.push_back(machines_[t].local(l));
  }
  for (std::uint32_t l = 0; l < program_.locations.size(); ++l) {
    std::vector<std::size_t>& mo = x.mo.emplace_back();
    for (const model::event_id w : graph().at(l).mo) mo.push_back(number_of(w));
  }
  return x;
}

bool exploration::races(model::event_id a, model::event_id b) const {
  if (a.thread == b.thread) return false;
  const model::event& first = graph().at(a);
  const model::event& second = graph().at(b);
  if (first.kind == model::event_kind::read && second.kind == model::event_kind::read) return false;
  if (!is_plain(*made_by_[a.thread - 1U][a.index]) && !is_plain(*made_by_[b.thread - 1U][b.index]))
    return false;
  return !graph().clocks(a).hb.covers(b) && !graph().clocks(b).hb.covers(a);
}

std::optional<std::pair<std::size_t, std::size_t>> exploration::race() const {
  if (!has_plain_) return std::nullopt;
  for (const model::location& l : graph().locations()) {
    std::vector<model::event_id> all = l.mo;
    all.insert(all.end(), l.reads.begin(), l.reads.end());
    for (std::size_t a = 0; a < all.size(); ++a) {
      for (std::size_t b = a + 1; b < all.size(); ++b) {
        if (races(all[a], all[b])) return std::pair(number_of(all[a]), number_of(all[b]));
      }
    }
  }
  return std::nullopt;
}

}  // namespace runnel::litmus_core
