// SPDX-License-Identifier: MIT
//
// Waiting at an address, and what it means when nobody can go on.
#include "execution.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace runnel::model {

// ---- At an address
//
// As the kernel does it. Each address has a queue, here an atomic with a bit for each thread. Who
// waits registers, then, after a fence, reads the word once more; who wakes has written the word,
// then, after a fence, looks at the queue. So one of the two sees the other. The fences order but do
// not synchronize: a program must not rely on a futex for that.

wait_outcome execution::wait(const object& word, const void* address, std::uint64_t expected,
                             bool timed) {
  // A timeout is as if it had come at once: nobody can tell how long the thread was registered.
  if (timed && choose(2) == 1) return wait_outcome::timed_out;
  const place where = self().where;
  if (load(word, std::memory_order::relaxed, where) != expected) return wait_outcome::changed;
  if (goes_wrong(&faults::spurious_wakes)) return wait_outcome::woken;
  const std::uint64_t mine = std::uint64_t{1} << running_;
  event e = read_of(queue_of(address), where);
  e.op = {.kind = operation_kind::bit_or, .operand = mine};
  enter(where);
  (void)read(e, {});
  fence_silently(where);
  // In the kernel this read is one step with the registration. Another value than the expected one
  // is the case above, and not followed a second time.
  e.op = {};
  e.location = use(word);
  const auto unchanged = [expected](std::uint64_t v) { return v == expected; };
  enter(where);
  (void)read_or_wait(e, word, acceptance(unchanged), waiting::sleeps_for_a_time);
  e.location = queue_of(address);
  e.await = false;
  const auto woken = [mine](std::uint64_t v) { return (v & mine) == 0; };
  enter(where);
  show("sleeps", [&] {
    return "on " + name_of(word.id_) + " while it is " + value_text(expected) +
           (timed ? ", timed" : "");
  });
  (void)read_or_wait(e, word, acceptance(woken),
                     timed ? waiting::sleeps_for_a_time : waiting::sleeps);
  if (recording_) line("is woken", "");
  return wait_outcome::woken;
}

void execution::wake(const void* address, bool all) {
  const place where = self().where;
  fence_silently(where);
  event e = read_of(queue_of(address), where);
  e.op = {.kind = all ? operation_kind::wake_all : operation_kind::wake_one};
  enter(where);
  const rmw_outcome outcome = read(e, {});
  if (recording_) line("wakes", outcome.wrote ? "somebody" : "nobody");
}

/// As the kernel has one, of which the program does not know.
void execution::fence_silently(place where) {
  event e;
  e.kind = event_kind::fence;
  e.order = std::memory_order::seq_cst;
  e.silent = true;
  e.place = where;
  other(e);
}

std::uint32_t execution::queue_of(const void* address) {
  const engine_scope scope;
  auto q = std::find_if(queues_.begin(), queues_.end(),
                        [address](const wait_queue& known) { return known.address == address; });
  if (q == queues_.end()) q = queues_.insert(q, {address, locations_++});
  graph_->set_init(q->location, 0);
  return q->location;
}

// ---- For ever

bool execution::another_execution_goes_on() const {
  for (unsigned t = 0; t < graph_->threads(); ++t) {
    const fiber& f = fibers_[t];
    if (f.state == state::excluded) return true;
    if (f.state == state::joining && f.how == waiting::sleeps_for_a_time) return true;
    if (f.state != state::blocked) continue;
    if (f.how == waiting::sleeps_for_a_time || f.how == waiting::is_assumed ||
        could_read_later_values(t, f.reads_since))
      return true;
  }
  return false;
}

/// In place of what it has read since it came past so many of its events.
bool execution::could_read_later_values(unsigned thread, std::size_t since) const {
  for (std::size_t i = since; i < graph_->length(thread); ++i) {
    const event& e =
        graph_->at({static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(i)});
    if (e.kind != event_kind::read) continue;
    const std::vector<event_id>& mo = graph_->at(e.location).mo;
    const auto later = mo.begin() + static_cast<std::ptrdiff_t>(graph_->source_position(e));
    // Others may wait in the same way, by what writes the same value again.
    const auto is_another = [&](event_id w) { return !e.rmw || graph_->at(w).value != e.value; };
    if (std::any_of(later, mo.end(), is_another)) return true;
  }
  return false;
}

void execution::block_in_loop(std::size_t since, const object& last, place where) {
  enter(where);
  fiber& f = self();
  // Where it has gone on before, or is to, it does so again: that is no mistake, but one more turn.
  if (!at_end() || (plan_ != nullptr && plan_->find(running_, f.position) != nullptr)) return;
  f.object = last.id_;
  f.location = records_[last.id_].location;
  f.how = waiting::spins;
  f.reads_since = since;
  show("repeats", [&] {
    const std::size_t n = f.position - since;
    return "what it did, and would for ever: the last " + std::to_string(n) +
           (n == 1 ? " event" : " events");
  });
  park(state::blocked);
}

void execution::repeats(const object& last, std::size_t since, place where) {
  if (any_since(since, event_kind::choice)) return assume(false);
  block_in_loop(since, last, where);
}

/// Of the calling thread.
bool execution::any_since(std::size_t mark, event_kind kind) const {
  for (std::size_t i = mark; i < fibers_[running_].position; ++i) {
    if (graph_->at({static_cast<std::uint16_t>(running_), static_cast<std::uint16_t>(i)}).kind ==
        kind)
      return true;
  }
  return false;
}

void execution::nobody_can_go_on() {
  exchange_active(nullptr);
  // Another execution shows what happens if one of these waits no longer.
  if (another_execution_goes_on()) end(run_end::blocked);
  if (process_has_ended_) end(run_end::complete);
  bool blocks = false;
  bool sleeps = false;
  bool lost = false;
  std::string message = "nobody can go on:";
  const auto add = [&](const std::string& why) {
    message += (message.back() == ':' ? " " : "; ") + why;
  };
  for (unsigned t = 0; t < graph_->threads(); ++t) {
    const fiber& f = fibers_[t];
    if (f.state == state::joining && f.target != all_fixed && f.target != all_started)
      add(name(t) + " joins " + name(f.target) + " at " + text_of(f.where));
    if (f.state != state::blocked) continue;
    blocks = true;
    sleeps = sleeps || f.how == waiting::sleeps;
    lost = lost || lost_its_wake_up(t);
    add(why_blocked(t));
    if (recording_)
      blame({static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(graph_->length(t) - 1)});
  }
  // Whoever awaits spins, in the program that ships; whoever joins sleeps.
  fail(lost ? "lost wake-up" : sleeps || !blocks ? "deadlock" : "livelock", message);
}

/// Whether the thread sleeps at a word that no longer has the value for which it went to sleep. What
/// an await waits for is never there: it would go on.
bool execution::lost_its_wake_up(unsigned thread) const {
  const fiber& f = fibers_[thread];
  const std::uint32_t word = records_[f.object].location;
  return f.location != word && newest_value(word) != slept_for(thread);
}

/// Of a thread that sleeps at a word: the value that it has read last, before it slept.
std::uint64_t execution::slept_for(unsigned thread) const {
  return graph_
      ->at({static_cast<std::uint16_t>(thread),
            static_cast<std::uint16_t>(graph_->length(thread) - 2)})
      .value;
}

std::uint64_t execution::newest_value(std::uint32_t l) const {
  return graph_->value_at(l, graph_->at(l).mo.size());
}

std::string execution::why_blocked(unsigned thread) const {
  const fiber& f = fibers_[thread];
  const std::uint32_t l = records_[f.object].location;
  std::string s = name(thread) + (f.how == waiting::spins ? " awaits " : " sleeps on ") +
                  name_of(f.object) + " at " + text_of(f.where) + ", whose value is " +
                  value_text(newest_value(l));
  if (lost_its_wake_up(thread)) s += " and no longer " + value_text(slept_for(thread));
  const std::vector<event_id>& mo = graph_->at(l).mo;
  if (mo.empty()) return s;
  return s + ", written by " + name(mo.back().thread) + " at " +
         text_of(graph_->at(mo.back()).place);
}

}  // namespace runnel::model
