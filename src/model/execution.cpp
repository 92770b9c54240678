// SPDX-License-Identifier: MIT
//
// How threads run: their fibers, and which goes on.
#include "execution.hpp"
#include "folded.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cxxabi.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#ifdef _LIBCPPABI_VERSION  // it has this function as all do, but declares it in no public header
namespace __cxxabiv1 {
struct __cxa_eh_globals;
extern "C" __cxa_eh_globals* __cxa_get_globals();
}  // namespace __cxxabiv1
#endif

namespace runnel::model {

// boost::context::fiber would unwind a fiber that is dropped, with an exception and through
// noexcept functions. The functions beneath it just forget it.
namespace context = boost::context::detail;

execution::stacks::stacks() {
  void* const p = mmap(nullptr, max_threads * stride, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  base = static_cast<std::byte*>(p);
}

void execution::stacks::open(unsigned fiber) {
  if (std::exchange(opened[fiber], true)) return;
  mprotect(top(fiber) - size, size, PROT_READ | PROT_WRITE);
}

std::size_t execution::stacks::touched() const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident(size / page);
  std::size_t pages = 0;
  for (unsigned f = 0; f < max_threads; ++f) {
    if (!opened[f]) continue;
    if (mincore(top(f) - size, size, resident.data()) != 0) return max_threads * size;
    pages += static_cast<std::size_t>(std::count_if(
        resident.begin(), resident.end(), [](unsigned char flags) { return (flags & 1U) != 0; }));
  }
  return pages * page;
}

execution::stacks::~stacks() { munmap(base, max_threads * stride); }

execution::execution(program& p, explorer& e, const model::faults& f)
    : program_(p),
      explorer_(e),
      plain_(memory_, global_memory_),
      faults_(f),
      threads_(p.threads()) {}
execution::~execution() = default;

std::size_t execution::memory_held() const {
  std::size_t bytes = memory_.most_used() + global_memory_.most_used() + stacks_.touched() +
                      memory_of(records_) + memory_of(read_at_) + plain_.held() +
                      memory_of(ended_in_place_) + memory_of(queues_);
  for (const std::vector<std::uint32_t>& l : locations_of_) bytes += memory_of(l);
  return bytes;
}

void execution::nothing_is_explored() {
  std::fputs("runnel: an object of the model was used while no program is explored\n", stderr);
  std::abort();
}

// ---- Fibers

run_outcome execution::run(bool recording, bool watching) {
  const explorer::begin_of_run begin = explorer_.here();
  for (run_once(recording, watching); outcome_.end == run_end::again;
       run_once(recording, watching)) {
    explorer_.go_back(begin);
    outcome_ = {};
    if (listener_ != nullptr) listener_->forget();
  }
  run_outcome outcome;
  if (recording) {
    outcome_.picture = draw();
    outcome_.history = folded(outcome_.history);
  }
  outcome.end = outcome_.end;
  if (recording || outcome.end == run_end::failed) outcome = std::exchange(outcome_, {});
  return outcome;
}

void execution::run_once(bool recording, bool watching) {
  reset(recording, watching);
  start(0);
  handled_here_ = abi::__cxa_get_globals();
  std::memcpy(&engine_handled_, handled_here_, sizeof engine_handled_);
  current_ = this;
  active_ = this;
  context::jump_fcontext(fibers_[0].context, static_cast<void*>(&engine_context_));
  active_ = nullptr;
  current_ = nullptr;
  std::memcpy(handled_here_, &engine_handled_, sizeof engine_handled_);
}

bool execution::follow(const plan& p) {
  plan_ = &p;
  const run_outcome outcome = run(false, false);
  plan_ = nullptr;
  return outcome.end != run_end::refused && plan(*graph_).text() == p.text();
}

void execution::reset(bool recording, bool watching) {
  graph_ = &explorer_.current();
  recording_ = recording;
  outcome_.end = run_end::complete;
  memory_.reset();
  global_memory_.reset();
  records_.clear();
  read_at_.clear();
  objects_ = alive_ = 0;
  ended_in_place_.clear();
  log_.clear();
  at_fault_.clear();
  ++runs_;
  running_ = 0;
  unfinished_ = threads_;
  started_ = 0;
  graph_->numbers().refresh();
  readers_known_ = graph_->threads();
  deferred_ = 0;
  birth_ = nullptr;
  after_ = false;
  process_has_ended_ = false;
  plain_.end();
  to_watch_ = watching && graph_->threads() > 2;
  hidden_.clear();
  born_.fill(0);
  for (unsigned t = 0; t < graph_->threads(); ++t) {
    fiber& f = fibers_[t] = {};
    f.events = graph_->find(t, 0);
    f.length = recording ? 0 : graph_->length(t);
    set_limit(f, no_limit);
  }
}

void execution::start(unsigned thread) {
  const auto entry = [](context::transfer_t from) {
    arrived(from.fctx, from.data);
    execution& e = current();
    e.body(e.running_);
  };
  stacks_.open(thread);
  fibers_[thread].context = context::make_fcontext(stacks_.top(thread), stacks::size, entry);
  fibers_[thread].state = state::ready;
}

void execution::body(unsigned thread) {
  try {
    if (thread == 0) return run_outside();
    if (thread <= threads_) {
      program_.thread(thread - 1);
    } else {
      self().entry(self().argument);
    }
    finish_thread();
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
    begin_to_watch();
    wait_for_end(all_fixed);
    e.kind = event_kind::join;
    other(e);
    plain_.end();
  }
  after_ = true;
  program_.after();
  look();
  if (started_ > 0) wait_for_end(all_started);
  if (!at_end()) nondeterministic("ends before");
  if (program_.looks_for_leaks()) {
    check_leaks(memory_);
    check_leaks(global_memory_);
  }
  program_.all_have_ended();
  end(run_end::complete);
}

bool execution::has_ended(unsigned target) const {
  if (target == all_fixed) return unfinished_ == 0;
  if (target == all_started) return started_ == 0;
  return fibers_[target].state == state::finished;
}

void execution::wait_for_end(unsigned target, waiting how) {
  self().target = target;
  self().how = how;
  if (!has_ended(target)) park(state::joining);
}

// ---- Threads that threads start

unsigned execution::spawn(void (*entry)(void*), void* argument, place where) {
  enter(where);
  fiber& f = self();
  const auto number = [&] {
    const engine_scope scope;
    return graph_->numbers().number_of({static_cast<std::uint16_t>(running_), f.started++});
  }();
  if (!number)
    fail("assertion",
         "more than " + std::to_string(max_threads - 1) + " threads, at " + text_of(where));
  event e;
  e.kind = event_kind::spawn;
  e.location = *number;
  e.place = where;
  other(e);
  fiber& started = fibers_[*number];
  started.entry = entry;
  started.argument = argument;
  ++started_;
  start(*number);
  show("start", [&] { return name(*number); });
  return *number;
}

/// If the end of the thread is in the graph, or planned, it comes first, before anybody goes on: which thread adds
/// the next event depends on the graph alone.
void execution::join(unsigned thread, place where, waiting how) {
  enter(where);
  if (thread == running_) fail("deadlock", name(thread) + " joins itself at " + text_of(where));
  event e;
  e.kind = event_kind::join;
  e.location = thread;
  e.place = where;
  if (fibers_[thread].state != state::finished && (!at_end() || plan_ != nullptr)) {
    if (plan_ != nullptr) (void)planned();
    run_to_end(thread);
  }
  wait_for_end(thread, how);
  other(e);
  show("join", [&] { return name(thread); });
}

void execution::end_process(place where) {
  enter(where);
  if (!at_end()) nondeterministic("ends before");
  show("ends", [] { return "the process"; });
  process_has_ended_ = true;
  park(state::left);
  std::abort();
}

/// As far as the graph, or the plan, has events of the thread; and what it does after them.
void execution::run_to_end(unsigned thread) {
  be_started(thread);
  const std::size_t planned = plan_ == nullptr ? 0 : plan_->length(thread);
  set_limit(fibers_[thread], std::max(graph_->length(thread), planned));
  fibers_[thread].demander = running_;
  switch_to(thread);
  if (fibers_[thread].state != state::finished) nondeterministic("does not join after");
}

void execution::finish_thread() {
  fiber& f = self();
  f.entered = f.position;
  look();
  f.state = state::finished;
  (running_ <= threads_ ? unfinished_ : started_) -= 1;
  for (unsigned t = 0; t < graph_->threads(); ++t) {
    fiber& waiting = fibers_[t];
    if (waiting.state == state::joining && has_ended(waiting.target)) waiting.state = state::ready;
  }
  if (f.position != graph_->length(running_)) nondeterministic("ends before");
  if (f.position == f.limit) {
    set_limit(f, no_limit);
    switch_to(f.demander);
  }
  switch_to(pick());
}

void execution::switch_to(unsigned next) {
  fiber& me = self();
  std::memcpy(&me.handled, handled_here_, sizeof(exceptions));
  program_.switches(running_, next);
  running_ = next;
  std::memcpy(handled_here_, &self().handled, sizeof(exceptions));
  if (plain_.watching()) plain_.show_to(viewer());
  const context::transfer_t from =
      context::jump_fcontext(self().context, static_cast<void*>(&me.context));
  arrived(from.fctx, from.data);
}

void execution::arrived(void* from_context, void* from) {
  *static_cast<void**>(from) = from_context;
}

void execution::end(run_end how) {
  outcome_.end = how;
  program_.switches(running_, nobody);
  void* never_resumed = nullptr;
  context::jump_fcontext(engine_context_, static_cast<void*>(&never_resumed));
  std::abort();
}

// ---- The schedule

unsigned execution::pick() {
  unsigned waiting = nobody;
  for (unsigned t = 0; t < graph_->threads(); ++t) {
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

/// Whoever starts the thread does so now, if it has not yet.
void execution::be_started(unsigned thread) {
  while (fibers_[thread].state == state::unborn) {
    const std::uint16_t parent = graph_->numbers().origin_of(thread).parent;
    demand({parent, static_cast<std::uint16_t>(fibers_[parent].position)});
  }
}

void execution::demand(event_id e) {
  be_started(e.thread);
  fiber& f = fibers_[e.thread];
  set_limit(f, e.index + 1U);
  f.demander = running_;
  switch_to(e.thread);
}

/// A thread before this one that can go on now does so.
void execution::let_deferred_read(std::uint32_t l) {
  for (unsigned t = 0; t < running_; ++t) {
    const fiber& f = fibers_[t];
    if (f.state == state::deferred && f.location == l &&
        explorer_.can_read(t, f.location, f.accepts))
      return switch_to(t);
  }
}

}  // namespace runnel::model
