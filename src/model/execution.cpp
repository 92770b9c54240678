// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cxxabi.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <utility>

#ifdef _LIBCPPABI_VERSION  // it has this function as all do, but declares it in no public header
namespace __cxxabiv1 {
struct __cxa_eh_globals;
extern "C" __cxa_eh_globals* __cxa_get_globals();
}  // namespace __cxxabiv1
#endif

namespace runnel::model {

namespace {

// boost::context::fiber would unwind a fiber that is dropped, with an exception and through
// noexcept functions. The functions beneath it just forget it.
namespace context = boost::context::detail;

constinit thread_local execution* current_execution = nullptr;
constinit thread_local execution* active_execution = nullptr;

}  // namespace

execution::stacks::stacks() {
  void* const p = mmap(nullptr, max_threads * stride, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  base = static_cast<std::byte*>(p);
  for (unsigned f = 0; f < max_threads; ++f) mprotect(top(f) - size, size, PROT_READ | PROT_WRITE);
}

std::size_t execution::stacks::touched() const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident(size / page);
  std::size_t pages = 0;
  for (unsigned f = 0; f < max_threads; ++f) {
    if (mincore(top(f) - size, size, resident.data()) != 0) return max_threads * size;
    pages += static_cast<std::size_t>(std::count_if(
        resident.begin(), resident.end(), [](unsigned char flags) { return (flags & 1U) != 0; }));
  }
  return pages * page;
}

execution::stacks::~stacks() { munmap(base, max_threads * stride); }

execution::execution(program& p, explorer& e, const model::faults& f)
    : program_(p), explorer_(e), faults_(f), threads_(p.threads()) {}
execution::~execution() = default;

std::size_t execution::memory_held() const {
  std::size_t bytes = memory_.most_used() + global_memory_.most_used() + stacks_.touched() +
                      memory_of(records_) + memory_of(ended_in_place_) + memory_of(queues_);
  for (const std::vector<std::uint32_t>& l : locations_of_) bytes += memory_of(l);
  return bytes;
}

execution& execution::current() {
  if (current_execution == nullptr) {
    std::fputs("runnel: an object of the model was used while no program is explored\n", stderr);
    std::abort();
  }
  return *current_execution;
}

execution* execution::active() noexcept { return active_execution; }
execution* execution::here_now() noexcept { return current_execution; }

execution* execution::exchange_active(execution* e) noexcept {
  return std::exchange(active_execution, e);
}

// ---- Fibers

run_outcome execution::run(bool recording) {
  reset(recording);
  start(0);
  std::memcpy(&engine_handled_, abi::__cxa_get_globals(), sizeof engine_handled_);
  current_execution = this;
  active_execution = this;
  context::jump_fcontext(fibers_[0].context, static_cast<void*>(&engine_context_));
  active_execution = nullptr;
  current_execution = nullptr;
  std::memcpy(abi::__cxa_get_globals(), &engine_handled_, sizeof engine_handled_);
  if (recording) outcome_.picture = draw();
  return std::exchange(outcome_, {});
}

bool execution::follow(const plan& p) {
  plan_ = &p;
  const run_outcome outcome = run(false);
  plan_ = nullptr;
  return outcome.end != run_end::refused && plan(*graph_).text() == p.text();
}

void execution::reset(bool recording) {
  graph_ = &explorer_.current();
  recording_ = recording;
  outcome_ = {};
  memory_.reset();
  global_memory_.reset();
  records_.clear();
  ended_in_place_.clear();
  log_.clear();
  at_fault_.clear();
  ++runs_;
  running_ = 0;
  unfinished_ = threads_;
  deferred_ = 0;
  after_ = false;
  born_.fill(0);
  for (unsigned t = 0; t <= threads_; ++t) fibers_[t] = {};
}

void execution::start(unsigned thread) {
  const auto entry = [](context::transfer_t from) {
    arrived(from.fctx, from.data);
    execution& e = current();
    e.body(e.running_);
  };
  fibers_[thread].context = context::make_fcontext(stacks_.top(thread), stacks::size, entry);
  fibers_[thread].state = state::ready;
}

void execution::body(unsigned thread) {
  try {
    if (thread == 0) {
      run_outside();
    } else {
      program_.thread(thread - 1);
      finish_thread();
    }
  } catch (const std::exception& e) {
    // On the stack: the execution may be out of memory.
    std::array<char, 1024> text{};
    std::snprintf(text.data(), text.size(), "an exception left the program: %s", e.what());
    fail("assertion", text.data());
  } catch (...) {
    fail("assertion", "an exception left the program");
  }
}

void execution::run_outside() {
  program_.before();
  if (unfinished_ > 0) {
    event e;
    e.kind = event_kind::spawn;
    other(e);
    for (unsigned t = 1; t <= threads_; ++t) start(t);
    park(state::joining);
    e.kind = event_kind::join;
    other(e);
  }
  after_ = true;
  program_.after();
  if (!at_end()) nondeterministic("ends before");
  check_leaks(memory_);
  check_leaks(global_memory_);
  end(run_end::complete);
}

void execution::finish_thread() {
  fiber& f = self();
  f.state = state::finished;
  if (--unfinished_ == 0) fibers_[0].state = state::ready;
  if (f.position != graph_->length(running_)) nondeterministic("ends before");
  if (f.position == f.limit) {
    f.limit = no_limit;
    switch_to(f.demander);
  }
  switch_to(pick());
}

void execution::switch_to(unsigned next) {
  fiber& me = self();
  std::memcpy(&me.handled, abi::__cxa_get_globals(), sizeof(exceptions));
  running_ = next;
  std::memcpy(abi::__cxa_get_globals(), &self().handled, sizeof(exceptions));
  const context::transfer_t from =
      context::jump_fcontext(self().context, static_cast<void*>(&me.context));
  arrived(from.fctx, from.data);
}

void execution::arrived(void* from_context, void* from) {
  *static_cast<void**>(from) = from_context;
}

void execution::end(run_end how) {
  outcome_.end = how;
  void* never_resumed = nullptr;
  context::jump_fcontext(engine_context_, static_cast<void*>(&never_resumed));
  std::abort();
}

void execution::fail(std::string_view kind, std::string_view message) {
  while (plan_ != nullptr) {
    active_execution = this;
    park(state::paused);
  }
  active_execution = nullptr;
  outcome_.interrupted = self().interrupted;
  outcome_.kind = kind;
  outcome_.message = message;
  if (recording_) {
    line("fails:", outcome_.kind + ": " + outcome_.message);
    const bool known = !at_fault_.empty() || std::ranges::any_of(log_, &logged::at_fault);
    if (!known) log(step::failure, no_object, kind);
    if (!known) blame_current();
  }
  end(run_end::failed);
}

/// On the stack of the thread that runs, from its top: nobody goes back to what is there.
void execution::interrupt(const interruption& why) noexcept {
  if (self().interrupted) return;
  self().interrupted = true;
  interruption_ = why;
  const auto entry = [](context::transfer_t) { current().fail_interrupted(); };
  context::jump_fcontext(context::make_fcontext(stacks_.top(running_), stacks::size, entry),
                         nullptr);
}

void execution::fail_interrupted() {
  active_execution = nullptr;
  const interruption& i = interruption_;
  std::string who = running_ != 0 ? "in " + name(running_) : name(0) + " the threads";
  if (running_ != 0 || *self().where.name != '\0') who += ", after " + text_of(self().where);
  switch (i.what) {
    case interruption::of::signal: {
      const std::string number = std::to_string(*i.number);
      const bool full = stacks_.overflows(running_, i.address);
      fail("crash",
           "signal " + number + " (" + strsignal(*i.number) + ") " + who +
               (full ? ": its stack of " + std::to_string(stacks::size / 1024) + " KiB is full"
                     : ""));
    }
    case interruption::of::exit:
      fail("exit", i.function + ('(' + (i.number ? std::to_string(*i.number) : "")) +
                       ") was called " + who);
    case interruption::of::time: break;
  }
  fail(endless_execution,
       "the time limit is over, and the execution does not end: it goes on " + who);
}

// ---- The schedule

unsigned execution::pick() {
  unsigned waiting = nobody;
  for (unsigned t = 0; t <= threads_; ++t) {
    fiber& f = fibers_[t];
    if (f.state == state::ready) return t;
    if (f.state != state::deferred) continue;
    if (explorer_.can_read(t, f.location, f.accepts)) return t;
    if (waiting == nobody) waiting = t;
  }
  if (plan_ != nullptr) end(run_end::dropped);
  // Nobody else can go on: then the await reads what there is, and waits for it to change.
  if (waiting == nobody) nobody_can_go_on();
  return waiting;
}

void execution::park(state s) {
  self().state = s;
  const unsigned next = pick();
  if (next != running_) switch_to(next);
}

void execution::execute_up_to(event_id e) {
  if (e == init_event) return;
  fiber& f = fibers_[e.thread];
  if (f.position > e.index) return;
  f.limit = e.index + 1U;
  f.demander = running_;
  switch_to(e.thread);
}

/// A thread before this one that can go on now does so.
void execution::after_new_write(std::uint32_t l) {
  if (deferred_ == 0) return;
  for (unsigned t = 0; t < running_; ++t) {
    const fiber& f = fibers_[t];
    if (f.state == state::deferred && f.location == l &&
        explorer_.can_read(t, f.location, f.accepts))
      return switch_to(t);
  }
}

bool execution::another_execution_goes_on() const {
  for (unsigned t = 0; t <= threads_; ++t) {
    const fiber& f = fibers_[t];
    if (f.state == state::excluded) return true;
    if (f.state != state::blocked) continue;
    const event& read = graph_->at(
        {static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(graph_->length(t) - 1)});
    const bool newest = graph_->source_position(read) == graph_->at(read.location).mo.size();
    if (f.how == waiting::sleeps_for_a_time || !newest) return true;
  }
  return false;
}

void execution::nobody_can_go_on() {
  active_execution = nullptr;
  // Another execution shows what happens if one of these waits no longer.
  if (another_execution_goes_on()) end(run_end::blocked);
  bool sleeps = false;
  bool lost = false;
  std::string message = "nobody can go on:";
  for (unsigned t = 0; t <= threads_; ++t) {
    const fiber& f = fibers_[t];
    if (f.state != state::blocked) continue;
    sleeps = sleeps || f.how == waiting::sleeps;
    lost = lost || lost_its_wake_up(t);
    message += (message.back() == ':' ? " " : "; ") + why_blocked(t);
    if (recording_)
      blame({static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(graph_->length(t) - 1)});
  }
  // Whoever awaits spins, in the program that ships.
  fail(lost ? "lost wake-up" : sleeps ? "deadlock" : "livelock", message);
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

// ---- Events

void execution::enter(place where) {
  fiber& f = self();
  while (f.position == f.limit) {
    f.limit = no_limit;
    switch_to(f.demander);
  }
  f.where = where;
}

void execution::nondeterministic(std::string_view what) {
  active_execution = nullptr;
  fail("nondeterminism", name(running_) + " " + std::string(what) +
                             " what it did in an earlier run with the same values, after " +
                             text_of(self().where));
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
  if (so_far == faults_.*kind || choose(2) == 0) return false;
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
  event e;
  e.kind = event_kind::read;
  e.order = order;
  e.location = use(atomic);
  e.place = where;
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
  event e;
  e.kind = event_kind::read;
  e.location = use(atomic);
  e.op = op;
  e.place = where;
  const rmw_outcome outcome = read(e, {});
  show(outcome.wrote ? "modify" : "fail", [&] { return outcome_text(atomic, op, outcome); });
  return outcome;
}

rmw_outcome execution::modify_weakly(const object& atomic, const operation& op, place where) {
  self().where = where;
  if (!goes_wrong(&faults::weak_failures)) return modify(atomic, op, where);
  return {load(atomic, op.failure, where), false};
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
  event e;
  e.kind = event_kind::read;
  e.order = order;
  e.location = use(atomic);
  e.place = where;
  const std::uint64_t value = read_or_wait(e, atomic, accepts, how);
  show("await", [&] { return name_of(atomic.id_) + " -> " + value_text(value); });
  return value;
}

std::uint64_t execution::await_modify(const object& atomic, const operation& op,
                                      const acceptance& accepts, place where, waiting how) {
  enter(where);
  event e;
  e.kind = event_kind::read;
  e.location = use(atomic);
  e.op = op;
  e.place = where;
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

void execution::note(std::string_view text) {
  remark(text);
  log(step::note, no_object, text);
}

void execution::remark(std::string_view text) {
  if (recording_) line(text, "");
}

// ---- Waiting
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
  event e;
  e.kind = event_kind::read;
  e.location = queue_of(address);
  e.op = {.kind = operation_kind::bit_or, .operand = mine};
  e.place = where;
  enter(where);
  (void)read(e, {});
  event f;
  f.kind = event_kind::fence;
  f.order = std::memory_order::seq_cst;
  f.silent = true;
  f.place = where;
  other(f);
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
  show("sleeps", [&] { return "on " + name_of(word.id_) + (timed ? ", timed" : ""); });
  (void)read_or_wait(e, word, acceptance(woken),
                     timed ? waiting::sleeps_for_a_time : waiting::sleeps);
  if (recording_) line("is woken", "");
  return wait_outcome::woken;
}

void execution::wake(const void* address, bool all) {
  const place where = self().where;
  event f;
  f.kind = event_kind::fence;
  f.order = std::memory_order::seq_cst;
  f.silent = true;
  f.place = where;
  other(f);
  event e;
  e.kind = event_kind::read;
  e.location = queue_of(address);
  e.op = {.kind = all ? operation_kind::wake_all : operation_kind::wake_one};
  e.place = where;
  enter(where);
  const rmw_outcome outcome = read(e, {});
  if (recording_) line("wakes", outcome.wrote ? "somebody" : "nobody");
}

std::uint32_t execution::queue_of(const void* address) {
  const engine_scope scope;
  auto q = std::find_if(queues_.begin(), queues_.end(),
                        [address](const wait_queue& known) { return known.address == address; });
  if (q == queues_.end()) q = queues_.insert(q, {address, locations_++});
  graph_->set_init(q->location, 0);
  return q->location;
}

// ---- For people

std::string execution::name(unsigned thread) const {
  if (thread != 0) return "thread " + std::to_string(thread - 1);
  return after_ ? "after" : "before";
}

std::string execution::name_of(std::uint32_t id) const {
  // The location would depend on the runs before.
  return (records_[id].kind == object_kind::atomic ? "atomic " : "cell ") + std::to_string(id);
}

/// Addresses in the memory of the execution are shown as the same in each run.
std::string execution::value_text(std::uint64_t value) const {
  const auto* const p = std::bit_cast<const void*>(value);
  if (memory_.contains(p)) return "memory+" + std::to_string(memory_.offset(p));
  if (global_memory_.contains(p)) return "heap+" + std::to_string(global_memory_.offset(p));
  return std::to_string(value);
}

/// What a read-modify-write has read, and what it has written.
std::string execution::outcome_text(const object& atomic, const operation& op,
                                    const rmw_outcome& outcome) const {
  std::string s = name_of(atomic.id_) + " -> " + value_text(outcome.value);
  if (outcome.wrote) s += ", = " + value_text(result_of(op, outcome.value, 0));
  return s;
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

void execution::line(std::string_view operation, std::string_view details) {
  const engine_scope scope;
  std::string text = name(running_);
  text.resize(std::max<std::size_t>(text.size() + 1, 10), ' ');
  if (*self().where.name != '\0') text += text_of(self().where);
  text.resize(std::max<std::size_t>(text.size() + 1, 40), ' ');
  text += operation;
  text += ' ';
  text += details;
  text += '\n';
  outcome_.history += text;
  if (listener_ != nullptr) listener_->append(text);
}

}  // namespace runnel::model
