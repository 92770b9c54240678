// SPDX-License-Identifier: MIT
#include "fiber_run.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cxxabi.h>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <utility>

namespace runnel::check {

namespace {

// boost::context::fiber would unwind a fiber that is dropped, with an exception and through
// noexcept functions. The functions beneath it just forget it.
namespace context = boost::context::detail;

constinit thread_local fiber_run* current_run = nullptr;
constinit thread_local fiber_run* active_run = nullptr;

bool acquires(std::memory_order o) {
  return o != std::memory_order::relaxed && o != std::memory_order::release;
}
bool releases(std::memory_order o) {
  return o == std::memory_order::release || o == std::memory_order::acq_rel ||
         o == std::memory_order::seq_cst;
}

void join(fiber_clock& into, const fiber_clock& from) {
  for (std::size_t t = 0; t < into.size(); ++t) into[t] = std::max(into[t], from[t]);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string s(text);
  s.resize(std::max(width, s.size() + 1), ' ');
  return s;
}

std::string quoted(std::string_view site) { return '"' + std::string(site) + '"'; }

std::string hexadecimal(std::size_t n) {
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%#zx", n);
  return text.data();
}

std::string_view name_of_access(cell_access a) {
  constexpr std::array<std::string_view, 4> names{"read", "write", "construct", "destroy"};
  return names[static_cast<std::size_t>(a)];
}

}  // namespace

fiber_object::fiber_object(type t) : id_(fiber_run::current().born(this, t)) {}

fiber_object::~fiber_object() { fiber_run::current().died(this); }

fiber_run::engine_scope::engine_scope() : interrupted_(std::exchange(active_run, nullptr)) {}

fiber_run::engine_scope::~engine_scope() { active_run = interrupted_; }

fiber_run::stacks::stacks() {
  void* const p = mmap(nullptr, fibers * size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  base = static_cast<std::byte*>(p);
  // The page below each stack faults, so that an overflow does not go unnoticed.
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (unsigned f = 0; f < fibers; ++f) mprotect(base + f * size, page, PROT_NONE);
}

fiber_run::stacks::~stacks() { munmap(base, fibers * size); }

fiber_run::fiber_run() = default;
fiber_run::~fiber_run() = default;

fiber_run& fiber_run::current() {
  if (current_run == nullptr) {
    std::fputs("runnel: an object of fiber_platform was used outside of an execution\n", stderr);
    std::abort();
  }
  return *current_run;
}

fiber_run* fiber_run::active() noexcept { return active_run; }

// ---- Fibers

fiber_outcome fiber_run::execute(fiber_program& program, std::uint64_t seed, bool recording) {
  reset(program, seed, recording);
  start(outside);
  std::memcpy(&engine_handled_, abi::__cxa_get_globals(), sizeof engine_handled_);
  current_run = this;
  active_run = this;
  context::jump_fcontext(fibers_[outside].context, &engine_context_);
  active_run = nullptr;
  current_run = nullptr;
  std::memcpy(abi::__cxa_get_globals(), &engine_handled_, sizeof engine_handled_);
  return std::exchange(outcome_, {});
}

void fiber_run::reset(fiber_program& program, std::uint64_t seed, bool recording) {
  program_ = &program;
  random_ = fiber_random(seed);
  recording_ = recording;
  outcome_ = {};
  memory_.reset();
  global_memory_.reset();
  objects_.clear();
  fibers_.fill({});
  running_ = outside;
  unfinished_ = program.threads();
  after_ = false;
  steps_ = 0;
  moments_outside_ = 0;
  // Half of what goes wrong shows when threads take turns at each step; the other half when one
  // stands still while others finish whole operations, which uniform choice makes too improbable.
  // So an execution is uniform, or (after PCT, S. Burckhardt et al., 2010) runs the thread of the
  // highest priority and gives it the lowest one now and then. Each step may be such a point, with
  // one of three probabilities, because the length of the execution is not known beforehand.
  constexpr std::array<unsigned, 4> modes{0, 4, 12, 40};
  demote_one_in_ = modes[random_.below(modes.size())];
  for (fiber& f : fibers_) f.priority = random_.next() | (std::uint64_t{1} << 63);
  lowest_priority_ = std::uint64_t{1} << 63;
}

void fiber_run::start(unsigned thread) {
  const auto entry = [](context::transfer_t from) {
    fiber_run& run = current();
    run.arrived(from.fctx, from.data);
    run.body(run.running_);
  };
  fibers_[thread].context = context::make_fcontext(stacks_.top(thread), stacks::size, entry);
  fibers_[thread].state = state::ready;
}

void fiber_run::body(unsigned thread) {
  try {
    if (thread == outside) {
      run_outside();
    } else {
      program_->thread(thread);
      finish_thread();
    }
  } catch (const std::exception& e) {
    fail(kind::assertion, std::string("an exception left the test: ") + e.what());
  } catch (...) {
    fail(kind::assertion, "an exception left the test");
  }
}

void fiber_run::run_outside() {
  program_->before();
  if (unfinished_ > 0) {
    for (unsigned t = 0; t < program_->threads(); ++t) start(t);
    park(state::joining);
  }
  after_ = true;
  program_->after();
  check_leaks();
  drop();
}

void fiber_run::finish_thread() {
  record("", "ends", [] { return ""; });
  self().state = state::finished;
  fiber& after = fibers_[outside];
  join(after.clock, self().clock);
  if (--unfinished_ == 0) after.state = state::ready;
  switch_to(pick());
}

void fiber_run::switch_to(unsigned next) {
  std::memcpy(&self().handled, abi::__cxa_get_globals(), sizeof(exceptions));
  void*& context_of_self = self().context;
  running_ = next;
  std::memcpy(abi::__cxa_get_globals(), &self().handled, sizeof(exceptions));
  const context::transfer_t from = context::jump_fcontext(self().context, &context_of_self);
  arrived(from.fctx, from.data);
}

void fiber_run::arrived(void* from_context, void* from) {
  *static_cast<void**>(from) = from_context;
}

void fiber_run::drop() {
  void* never_resumed = nullptr;
  context::jump_fcontext(engine_context_, &never_resumed);
  std::abort();
}

std::string fiber_run::name(unsigned thread) const {
  if (thread != outside) return "thread " + std::to_string(thread);
  return after_ ? "after" : "before";
}

// ---- Failures and history

void fiber_run::fail(std::string_view kind, std::string_view message) {
  active_run = nullptr;
  outcome_.failure = kind;
  outcome_.message = message;
  if (recording_) add_line("", "fails:", outcome_.failure + ": " + outcome_.message);
  drop();
}

void fiber_run::add_line(std::string_view what, std::string_view operation,
                         std::string_view details) {
  std::string line = padded(std::to_string(steps_), 6) + padded(name(running_), 10) +
                     padded(what, 26) + padded(operation, 10) + std::string(details);
  line.resize(line.find_last_not_of(' ') + 1);
  outcome_.history += line + '\n';
}

std::string fiber_run::place(const void* p) const {
  if (p == nullptr) return "null";
  if (memory_.contains(p)) return "memory+" + hexadecimal(memory_.offset(p));
  if (global_memory_.contains(p)) return "heap+" + hexadecimal(global_memory_.offset(p));
  const std::byte* const b = static_cast<const std::byte*>(p);
  if (b < stacks_.base || b >= stacks_.base + fibers * stacks::size) return "elsewhere";
  const auto offset = static_cast<std::size_t>(b - stacks_.base);
  return "stack of " + name(static_cast<unsigned>(offset / stacks::size)) + "+" +
         hexadecimal(offset % stacks::size);
}

check::moment fiber_run::moment() {
  (void)now();
  if (running_ == outside) ++moments_outside_;
  check::moment m;
  m.thread = running_;
  std::copy(self().clock.begin(), self().clock.end(), m.clock.begin());
  m.clock[outside] = moments_outside_;
  return m;
}

// ---- The schedule

void fiber_run::step(std::string_view site) {
  self().site = site;
  step();
}

void fiber_run::step() {
  if (++steps_ > max_steps)
    fail(kind::livelock, "the execution took more than " + std::to_string(max_steps) + " steps");
  if (running_ == outside) return;
  const unsigned next = pick();
  if (next != running_) switch_to(next);
}

unsigned fiber_run::pick() {
  std::array<unsigned, fibers> candidates{};
  std::array<unsigned, fibers> timers{};
  unsigned n = 0;
  unsigned timed = 0;
  for (unsigned f = 0; f < fibers; ++f) {
    if (fibers_[f].state == state::ready) candidates[n++] = f;
    if (fibers_[f].state == state::asleep && fibers_[f].timed) timers[timed++] = f;
  }
  // A timeout may come at any step; not as often as an operation, or no wake-up would be in time.
  if (timed > 0 && (n == 0 || random_.one_in(8))) candidates[n++] = timers[random_.below(timed)];
  if (n == 0) stuck();
  unsigned chosen = candidates[0];
  if (demote_one_in_ == 0) {
    chosen = candidates[random_.below(n)];
  } else {
    if (random_.one_in(demote_one_in_)) self().priority = --lowest_priority_;
    for (unsigned i = 1; i < n; ++i) {
      if (fibers_[candidates[i]].priority > fibers_[chosen].priority) chosen = candidates[i];
    }
  }
  fibers_[chosen].state = state::ready;  // of a sleeper: its time is out
  return chosen;
}

void fiber_run::park(state s) {
  self().state = s;
  const unsigned next = pick();
  if (next != running_) switch_to(next);
}

void fiber_run::stuck() {
  active_run = nullptr;
  // Whoever awaits spins, in the program that ships.
  bool sleeps = false;
  std::string message = "nobody can go on:";
  for (unsigned f = 0; f < fibers; ++f) {
    const state s = fibers_[f].state;
    if (s != state::asleep && s != state::awaiting) continue;
    sleeps = sleeps || s == state::asleep;
    message += (message.back() == ':' ? " " : ", ") + why_blocked(f);
  }
  fail(sleeps ? kind::deadlock : kind::livelock, message);
}

std::string fiber_run::why_blocked(unsigned thread) const {
  const fiber& f = fibers_[thread];
  if (f.state == state::awaiting)
    return name(thread) + " awaits " + name_of(f.object) + " at " + quoted(f.site);
  return name(thread) + " sleeps on " + name_of(f.object) + " after " + quoted(f.site);
}

// ---- Waiting

bool fiber_run::sleep(const fiber_object& word, const void* address, bool timed) {
  fiber& me = self();
  me.address = address;
  me.object = word.id_;
  me.timed = timed;
  me.woken = false;
  record("", "sleeps", [&] { return "on " + name_of(word.id_) + (timed ? ", timed" : ""); });
  park(state::asleep);
  record("", me.woken ? "is woken" : "times out", [] { return ""; });
  return me.woken;
}

void fiber_run::wake(const void* address, int n) {
  for (int i = 0; i < n; ++i) {
    std::array<unsigned, fibers> sleepers{};
    unsigned found = 0;
    for (unsigned f = 0; f < fibers; ++f) {
      if (fibers_[f].state == state::asleep && fibers_[f].address == address) sleepers[found++] = f;
    }
    if (found == 0) return record("", "wakes", [] { return "nobody"; });
    const unsigned chosen = sleepers[random_.below(found)];
    record("", "wakes", [&] { return name(chosen); });
    fibers_[chosen].woken = true;
    fibers_[chosen].state = state::ready;
  }
}

void fiber_run::await_write(const fiber_object& atomic) {
  self().object = atomic.id_;
  record("", "awaits", [&] { return "a write to " + name_of(atomic.id_); });
  park(state::awaiting);
}

void fiber_run::wake_awaiting(std::uint32_t id) {
  for (fiber& f : fibers_) {
    if (f.state == state::awaiting && f.object == id) f.state = state::ready;
  }
}

// ---- Happens-before

fiber_run::event fiber_run::now() {
  const std::uint64_t time = running_ == outside ? 0 : ++self().clock[running_];
  return {running_, time, self().site};
}

bool fiber_run::ordered(const event& e) const {
  return e.thread == outside || fibers_[running_].clock[e.thread] >= e.time;
}

unsigned fiber_run::unordered_use(const object& o) const {
  for (unsigned t = 0; t < max_threads; ++t) {
    if (o.used[t] > fibers_[running_].clock[t]) return t;
  }
  return outside;
}

void fiber_run::race(std::string_view what, const event& earlier, std::string_view doing) {
  active_run = nullptr;
  fail(kind::data_race, std::string(what) + " by " + name(earlier.thread) + ", after " +
                            quoted(earlier.site) + ", does not happen before the " +
                            std::string(doing) + " by " + name(running_) + ", after " +
                            quoted(self().site));
}

fiber_run::object& fiber_run::use(const fiber_object& atomic) {
  object& o = checked(&atomic);
  if (!ordered(o.written)) race("the construction of an atomic", o.written, "use");
  o.site = self().site;
  if (running_ != outside) o.used[running_] = now().time;
  return o;
}

void fiber_run::loaded(const fiber_object& atomic, std::memory_order order) {
  const object& o = use(atomic);
  join(acquires(order) ? self().clock : self().pending, o.message);
}

void fiber_run::stored(const fiber_object& atomic, std::memory_order order) {
  object& o = use(atomic);
  o.message = releases(order) ? self().clock : self().released;
  wake_awaiting(atomic.id_);
}

void fiber_run::modified(const fiber_object& atomic, std::memory_order order) {
  object& o = use(atomic);
  join(acquires(order) ? self().clock : self().pending, o.message);
  join(o.message, releases(order) ? self().clock : self().released);
  wake_awaiting(atomic.id_);
}

void fiber_run::fenced(std::memory_order order) {
  (void)now();
  if (acquires(order)) join(self().clock, self().pending);
  if (releases(order)) self().released = self().clock;
}

// ---- Cells

void fiber_run::begin(const fiber_object& cell, cell_access access) {
  object& o = checked(&cell);
  check_cell(o, cell.id_, access);
  if (access == cell_access::read) {
    ++o.readers;
  } else {
    o.writing = true;
  }
  record("", name_of_access(access), [&] { return name_of(cell.id_); });
}

void fiber_run::check_cell(const object& o, std::uint32_t id, cell_access access) {
  const auto fails = [&](std::string_view kind, std::string_view message) {
    active_run = nullptr;
    fail(kind, name_of(id) + std::string(message));
  };
  const bool writes = access != cell_access::read;
  if (o.writing || (writes && o.readers > 0))
    fails(kind::data_race, " is accessed while an access to it is in progress");
  if (!ordered(o.written)) race("a write to a cell", o.written, name_of_access(access));
  if (const unsigned t = unordered_use(o); writes && t != outside)
    race("a read of a cell", {t, o.used[t], fibers_[t].site}, name_of_access(access));
  if (access == cell_access::construct) {
    if (o.holds_value) fails(kind::lost, " gets a value while it holds one");
  } else if (!o.holds_value) {
    fails(kind::uninitialised, " is accessed while it holds no value");
  }
}

void fiber_run::end(const fiber_object& cell, cell_access access) {
  object& o = checked(&cell);
  // The access counts as of its end: what is released during it does not cover it.
  const event e = now();
  if (access == cell_access::read) {
    --o.readers;
    if (running_ != outside) o.used[running_] = e.time;
    return;
  }
  o.writing = false;
  o.written = e;
  if (access != cell_access::write) o.holds_value = access == cell_access::construct;
}

// ---- Objects and memory

std::uint32_t fiber_run::born(const fiber_object* o, fiber_object::type type) {
  const engine_scope scope;
  const auto id = static_cast<std::uint32_t>(objects_.size());
  objects_.push_back({.address = o,
                      .type = type,
                      .alive = true,
                      .holds_value = false,
                      .readers = 0,
                      .writing = false,
                      .written = now(),
                      .used = {},
                      .message = {},
                      .site = {}});
  return id;
}

void fiber_run::died(const fiber_object* o) {
  (void)checked(o);
  end_of_life(o->id_);
}

void fiber_run::end_of_life(std::uint32_t id) {
  object& o = objects_[id];
  if (!ordered(o.written)) race("a write to an object", o.written, "end of the object");
  if (const unsigned t = unordered_use(o); t != outside)
    race("a use of an object", {t, o.used[t], fibers_[t].site}, "end of the object");
  if (o.writing || o.readers > 0) {
    active_run = nullptr;
    fail(kind::data_race, name_of(id) + " ends while an access to it is in progress");
  }
  if (o.holds_value && o.type == fiber_object::type::cell) {
    active_run = nullptr;
    fail(kind::leak, name_of(id) + " ends while it holds a value");
  }
  o.alive = false;
}

fiber_run::object& fiber_run::checked(const fiber_object* o) {
  const std::uint32_t id = o->id_;
  if (id >= objects_.size() || objects_[id].address != o || !objects_[id].alive) bad_object(o);
  return objects_[id];
}

void fiber_run::bad_object(const fiber_object* o) {
  active_run = nullptr;
  const bool ended = memory_.is_freed(o) || global_memory_.is_freed(o) ||
                     std::any_of(objects_.begin(), objects_.end(),
                                 [o](const object& known) { return known.address == o; });
  const std::string who = name(running_) + ", after " + quoted(self().site) + ", uses an object ";
  if (ended) fail(kind::use_after_free, who + "after its end");
  fail(kind::uninitialised, who + "that was never constructed");
}

std::string fiber_run::name_of(std::uint32_t id) const {
  const object& o = objects_[id];
  if (o.type != fiber_object::type::atomic) return "cell " + std::to_string(id);
  return "atomic " + std::to_string(id) +
         (o.site.empty() ? "" : " (last used at " + quoted(o.site) + ")");
}

void* fiber_run::allocate(std::size_t bytes, std::size_t alignment) {
  const engine_scope scope;
  void* const p = memory_.allocate(bytes, alignment, running_);
  record("", "allocate", [&] { return place(p) + ", " + std::to_string(bytes) + " bytes"; });
  return p;
}

void fiber_run::deallocate(void* p, std::size_t bytes, std::size_t alignment) {
  const engine_scope scope;
  record("", "deallocate", [&] { return place(p); });
  fiber_memory::block* const b = memory_.starting_at(p);
  if (b == nullptr) fail(kind::bad_free, place(p) + " is freed, which was not allocated");
  if (b->size != bytes || b->alignment != alignment)
    fail(kind::bad_free, place(p) + " is freed with another size or alignment than it has");
  free_block(memory_, *b);
}

void* fiber_run::global_allocate(std::size_t bytes, std::size_t alignment) {
  const engine_scope scope;
  return global_memory_.allocate(bytes, alignment, running_);
}

void fiber_run::global_free(void* p) {
  const engine_scope scope;
  fiber_memory::block* const b = global_memory_.starting_at(p);
  if (b == nullptr) fail(kind::bad_free, "memory is freed that was not allocated");
  free_block(global_memory_, *b);
}

void fiber_run::free_block(fiber_memory& memory, fiber_memory::block& b) {
  if (!b.live)
    fail(kind::bad_free, "a block of " + std::to_string(b.size) + " bytes is freed twice");
  for (std::uint32_t id = 0; id < objects_.size(); ++id) {
    const void* const at = objects_[id].address;
    if (objects_[id].alive && b.begin <= at && at < b.begin + b.size) end_of_life(id);
  }
  memory.free(b);
}

void fiber_run::check_leaks() {
  const engine_scope scope;
  check_leaks(memory_);
  check_leaks(global_memory_);
}

void fiber_run::check_leaks(const fiber_memory& memory) {
  const auto live = [](const fiber_memory::block& b) { return b.live; };
  const auto& blocks = memory.blocks();
  const auto first = std::find_if(blocks.begin(), blocks.end(), live);
  if (first == blocks.end()) return;
  fail(kind::leak, std::to_string(std::count_if(first, blocks.end(), live)) +
                       " blocks of memory were not freed; the first has " +
                       std::to_string(first->size) + " bytes and was allocated by " +
                       name(first->thread));
}

}  // namespace runnel::check
