// SPDX-License-Identifier: MIT
//
// What a thread does, as events: those of the graph again, then new ones.
#include "execution.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

void execution::enter(place where) {
  fiber& f = self();
  f.entered = f.position;
  look();
  while (f.position == f.limit) {
    set_limit(f, no_limit);
    switch_to(f.demander);
  }
  f.where = where;
}

/// The event of the graph that the thread comes to next.
const event& execution::repeat(event_kind kind, std::uint32_t l) {
  const event& e = graph_->at(
      {static_cast<std::uint16_t>(running_), static_cast<std::uint16_t>(self().position)});
  if (e.kind != kind || e.location != l) nondeterministic("does not do");
  ++self().position;
  return e;
}

/// What the plan says of the next event of the thread; does not return at its end.
const decision& execution::planned() {
  const decision* d = nullptr;
  while ((d = plan_->find(running_, self().position)) == nullptr) park(state::paused);
  return *d;
}

/// Whether a fault happens here, if there may be another.
bool execution::goes_wrong(unsigned faults::* kind) {
  unsigned& so_far = self().faults.*kind;
  if (so_far == faults_.*kind || model::choose(2) == 0) return false;
  ++so_far;
  return true;
}

void execution::check_bound() {
  if (graph_->order().size() <= max_events) return;
  exchange_active(nullptr);
  unsigned busiest = 0;
  for (unsigned t = 1; t < graph_->threads(); ++t)
    if (graph_->length(t) > graph_->length(busiest)) busiest = t;
  const event_id last{static_cast<std::uint16_t>(busiest),
                      static_cast<std::uint16_t>(graph_->length(busiest) - 1)};
  fail("livelock", "a loop has no bound: the execution has more than " +
                       std::to_string(max_events) + " events, " +
                       std::to_string(graph_->length(busiest)) + " of them by " + name(busiest) +
                       ", the last one at " + text_of(graph_->at(last).place) +
                       "; a loop that waits for another thread is to be an await");
}

rmw_outcome execution::read(const event& e, const acceptance& accepts) {
  const event_id id{static_cast<std::uint16_t>(running_),
                    static_cast<std::uint16_t>(self().position)};
  if (at_end()) {
    check_bound();
    if (plan_ != nullptr) {
      const decision& d = planned();
      execute_up_to(d.source);
      const engine_scope scope;
      if (!explorer_.add_read(running_, e, d)) end(run_end::refused);
    } else {
      const engine_scope scope;
      explorer_.add_read(running_, e, accepts);
    }
    ++self().position;
    execute_up_to(graph_->at(id).rf);
  } else {
    const event& repeated = repeat(event_kind::read, e.location);
    if (repeated.op != e.op) nondeterministic("does not do");
    execute_up_to(repeated.rf);
  }
  reveal();
  const event& r = graph_->at(id);
  const rmw_outcome outcome{r.value, r.rmw};
  if (outcome.wrote) write_part(id);
  return outcome;
}

void execution::write_part(event_id read) {
  const event w = write_of(graph_->at(read));
  if (at_end()) {
    write(w);
  } else {
    (void)repeat(event_kind::write, w.location);
  }
}

void execution::write(const event& e) {
  check_bound();
  bool placed = true;
  if (plan_ != nullptr) {
    const decision& d = planned();
    const engine_scope scope;
    if (!explorer_.add_write(running_, e, *plan_, d)) end(run_end::refused);
  } else {
    const engine_scope scope;
    placed = explorer_.add_write(running_, e);
  }
  ++self().position;
  if (!placed) end(run_end::dropped);
  after_new_write(e.location);
}

void execution::other(const event& e) {
  enter(e.place);
  if (at_end()) {
    check_bound();
    if (plan_ != nullptr) (void)planned();
    const engine_scope scope;
    explorer_.add_other(running_, e);
    ++self().position;
  } else {
    (void)repeat(e.kind, e.location);
  }
  reveal();
}

/// A name with a space is one of the model's own: of operators, of the mutex.
std::memory_order execution::looked_at(ordered_operation o, std::memory_order written,
                                       place where) {
  const auto known = std::ranges::find_if(orders_, [&](const known_order& k) {
    return k.where.name == where.name && k.where.line == where.line && k.operation == o &&
           k.written == written;
  });
  if (known != orders_.end()) return known->given;
  const engine_scope scope;
  const bool of_the_model =
      where.line == 0 && std::string_view(where.name).find(' ') != std::string_view::npos;
  const bool is_weaker =
      weakened_ != nullptr && weakened_->use == order_use{text_of(where), o, written};
  orders_.push_back(
      {where, o, written, is_weaker && !of_the_model ? weakened_->to : written, of_the_model});
  return orders_.back().given;
}

std::vector<order_use> execution::orders() const {
  std::set<order_use> uses;
  for (const known_order& k : orders_)
    if (!k.of_the_model) uses.insert({text_of(k.where), k.operation, k.written});
  return {uses.begin(), uses.end()};
}

operation execution::order_of(const operation& op, place where) {
  if (weakened_ == nullptr && !observes_orders_) return op;
  operation changed = op;
  changed.order = looked_at(ordered_operation::update, op.order, where);
  if (op.kind == operation_kind::compare)
    changed.failure = looked_at(ordered_operation::failed_compare, op.failure, where);
  return changed;
}

std::uint64_t execution::load(const object& atomic, std::memory_order written, place where) {
  return load_in(order_of(ordered_operation::load, written, where), atomic, where);
}

std::uint64_t execution::load_in(std::memory_order order, const object& atomic, place where) {
  enter(where);
  event e = read_of(use(atomic), where);
  e.order = order;
  const std::uint64_t value = read(e, {}).value;
  show("load", [&] { return name_of(atomic.id_) + " -> " + value_text(value) + in_order(order); });
  return value;
}

void execution::store(const object& atomic, std::uint64_t value, std::memory_order written,
                      place where) {
  const std::memory_order order = order_of(ordered_operation::store, written, where);
  enter(where);
  const std::uint32_t l = use(atomic);
  show("store", [&] { return name_of(atomic.id_) + " = " + value_text(value) + in_order(order); });
  if (!at_end()) {
    if (repeat(event_kind::write, l).value != value) nondeterministic("does not write");
    return;
  }
  event e;
  e.kind = event_kind::write;
  e.order = order;
  e.location = l;
  e.value = value;
  e.place = where;
  write(e);
}

rmw_outcome execution::modify(const object& atomic, const operation& written, place where) {
  const operation op = order_of(written, where);
  enter(where);
  event e = read_of(use(atomic), where);
  e.op = op;
  const rmw_outcome outcome = read(e, {});
  show(outcome.wrote ? "modify" : "fail", [&] { return outcome_text(atomic, op, outcome); });
  return outcome;
}

rmw_outcome execution::modify_weakly(const object& atomic, const operation& op, place where) {
  self().where = where;
  if (!goes_wrong(&faults::weak_failures)) return model::modify(atomic, op, where);
  const std::memory_order order = order_of(ordered_operation::failed_compare, op.failure, where);
  return {load_in(order, atomic, where), false};
}

void execution::fence(std::memory_order written, place where) {
  const std::memory_order order = order_of(ordered_operation::fence, written, where);
  event e;
  e.kind = event_kind::fence;
  e.order = order;
  e.place = where;
  other(e);
  show("fence", [order] { return std::string(text_of(order)); });
}

std::uint64_t execution::await(const object& atomic, std::memory_order written,
                               const acceptance& accepts, place where, waiting how) {
  const std::memory_order order = order_of(ordered_operation::load, written, where);
  enter(where);
  event e = read_of(use(atomic), where);
  e.order = order;
  const std::uint64_t value = read_or_wait(e, atomic, accepts, how);
  show("await", [&] { return name_of(atomic.id_) + " -> " + value_text(value) + in_order(order); });
  return value;
}

std::uint64_t execution::await_modify(const object& atomic, const operation& written,
                                      const acceptance& accepts, place where, waiting how) {
  const operation op = order_of(written, where);
  enter(where);
  event e = read_of(use(atomic), where);
  e.op = op;
  const std::uint64_t value = read_or_wait(e, atomic, accepts, how);
  show("await", [&] { return outcome_text(atomic, op, {value, writes(op, value)}); });
  return value;
}

/// Reads a value that is accepted; if that never comes, does not return.
std::uint64_t execution::read_or_wait(event& e, const object& waits_for, const acceptance& accepts,
                                      waiting how) {
  e.await = true;
  fiber& f = self();
  f.location = e.location;
  f.object = waits_for.id_;
  f.accepts = accepts;
  f.how = how;
  if (at_end() && plan_ == nullptr && !explorer_.can_read(running_, e.location, accepts)) {
    ++deferred_;
    park(state::deferred);
    --deferred_;
    f.state = state::ready;
  }
  const std::uint64_t value = read(e, accepts).value;
  if (!accepts(value)) {
    // What is in a queue, or who holds a mutex, is a number of the engine.
    if (how == waiting::is_assumed) {
      show("assumes", [] { return "another value, and goes no further"; });
    } else if (how == waiting::spins) {
      show("waits", [&] { return "for another value than " + value_text(value); });
    } else if (e.location == records_[waits_for.id_].location) {
      show("sleeps", [&] { return "on " + name_of(waits_for.id_); });
    }
    f.reads_since = f.position - 1;
    park(state::blocked);
  }
  return value;
}

unsigned execution::choose(unsigned n) {
  enter(self().where);
  if (n == 0 || n > most_choices)
    fail("assertion", "a choice among " + std::to_string(n) + ": it may have 1 to " +
                          std::to_string(most_choices) + " values");
  if (!at_end()) {
    const event& repeated = repeat(event_kind::choice, 0);
    if (repeated.choices != n) nondeterministic("does not choose among");
    return repeated.choice;
  }
  check_bound();
  event e;
  e.kind = event_kind::choice;
  e.choices = static_cast<std::uint8_t>(n);
  e.place = self().where;
  if (plan_ != nullptr) e.choice = planned().choice;
  if (e.choice >= n) end(run_end::refused);
  const engine_scope scope;
  explorer_.add_other(running_, e);
  ++self().position;
  return e.choice;
}

void execution::assume(bool condition) {
  if (condition) return;
  enter(self().where);
  if (!at_end()) nondeterministic("ends before");
  show("assumes", [] { return "what does not hold, and goes no further"; });
  park(state::excluded);
}

}  // namespace runnel::model
