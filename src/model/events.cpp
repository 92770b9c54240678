// SPDX-License-Identifier: MIT
//
// What a thread does, as events: those of the graph again, then new ones.
#include "execution.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace runnel::model {

void execution::enter(place where) {
  fiber& f = self();
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
  fail("livelock", "a loop has no bound: the execution has more than " +
                       std::to_string(max_events) + " events; the last is at " +
                       text_of(self().where));
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
  if (!at_end()) {
    (void)repeat(e.kind, e.location);
    return;
  }
  check_bound();
  if (plan_ != nullptr) (void)planned();
  const engine_scope scope;
  explorer_.add_other(running_, e);
  ++self().position;
}

std::uint64_t execution::load(const object& atomic, std::memory_order order, place where) {
  enter(where);
  event e = read_of(use(atomic), where);
  e.order = order;
  const std::uint64_t value = read(e, {}).value;
  show("load", [&] { return name_of(atomic.id_) + " -> " + value_text(value); });
  return value;
}

void execution::store(const object& atomic, std::uint64_t value, std::memory_order order,
                      place where) {
  enter(where);
  const std::uint32_t l = use(atomic);
  show("store", [&] { return name_of(atomic.id_) + " = " + value_text(value); });
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

rmw_outcome execution::modify(const object& atomic, const operation& op, place where) {
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
  return {model::load(atomic, op.failure, where), false};
}

void execution::fence(std::memory_order order, place where) {
  event e;
  e.kind = event_kind::fence;
  e.order = order;
  e.place = where;
  other(e);
}

std::uint64_t execution::await(const object& atomic, std::memory_order order,
                               const acceptance& accepts, place where, waiting how) {
  enter(where);
  event e = read_of(use(atomic), where);
  e.order = order;
  const std::uint64_t value = read_or_wait(e, atomic, accepts, how);
  show("await", [&] { return name_of(atomic.id_) + " -> " + value_text(value); });
  return value;
}

std::uint64_t execution::await_modify(const object& atomic, const operation& op,
                                      const acceptance& accepts, place where, waiting how) {
  enter(where);
  event e = read_of(use(atomic), where);
  e.op = op;
  const std::uint64_t value = read_or_wait(e, atomic, accepts, how);
  show("await", [&] { return name_of(atomic.id_) + " -> " + value_text(value); });
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
    show("waits", [&] { return "for another value than " + value_text(value); });
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
