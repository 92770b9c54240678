// SPDX-License-Identifier: MIT
//
// Runs a program once, on fibers: along the graph as far as it goes, then on with new events.
//
// Which thread goes on with a new event depends on the graph alone: the first that can. An await
// that has no value to go on with yet lets the other threads go first.
//
// Plain data is real memory. So before a thread reads from a write, it lets the thread of the write
// run up to it: then all that happens before the read has been done. What does not happen before it
// is a data race and ends the execution.
//
// An execution can be dropped at any point: no destructor runs, the stacks are used again and the
// memory of the execution is given back at once. Therefore the global new and delete belong to the
// execution while the program runs. What outlives the execution must not be made with new.
#pragma once

#include "explorer.hpp"
#include "interception.hpp"
#include "memory.hpp"
#include "place_name.hpp"
#include "plain_memory.hpp"
#include "plan.hpp"
#include "team.hpp"

#include <runnel/model/explore.hpp>
#include <runnel/model/picture.hpp>
#include <runnel/model/runtime.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::model {

inline constexpr std::string_view nondeterminism = "nondeterminism";
inline constexpr std::string_view nothing_is_shared = "nothing is shared";
inline constexpr std::string_view memory_changed = "plain memory changed outside of the model";
/// The advice.
inline constexpr std::string_view shared_has_to_be =
    "Whatever threads share has to be an object of the model: model::atomic, model::var, "
    "model::mutex";

enum class run_end : std::uint8_t {
  complete,
  blocked,
  dropped,
  failed,
  refused,  ///< the plan is of another program
  again,    ///< nothing that was done counts
};

struct run_outcome {
  run_end end = run_end::complete;
  bool interrupted = false;  ///< the failure
  std::string kind;          ///< the same
  std::string message;
  std::string history;
  model::picture picture;
};

class execution {
 public:
  /// One with more has failed.
  static constexpr std::size_t max_events = 4000;
  /// The same; of the atomics and cells that are or were.
  static constexpr std::uint32_t max_objects = 32'000;

  execution(program& p, explorer& e, const model::faults& f = {});
  /// `w`: null if no order is weaker than written, else lives as long as the execution.
  void weaken(const weakening* w) { weakened_ = w; }
  void observe_orders() { observes_orders_ = true; }
  [[nodiscard]] std::vector<order_use> orders() const;
  ~execution();
  execution(const execution&) = delete;
  execution& operator=(const execution&) = delete;

  /// `watching`: plain memory.
  run_outcome run(bool recording, bool watching);
  /// Of code of the program that has not begun as it has to in each execution, which is known from now on: the run is
  /// left, and begun anew.
  [[noreturn]] void run_again() { end(run_end::again); }
  /// Whether a thread of the last run has found garbage in plain memory, or could have; and how that is
  /// told.
  [[nodiscard]] bool has_hidden() const { return plain_.hidden_last().has_value(); }
  [[nodiscard]] const std::string& hidden() const { return hidden_; }
  /// Whether two threads have ever used one object, or there is only one.
  [[nodiscard]] bool is_shared() const { return is_shared_ || graph_->threads() <= 2; }
  /// From now on each line of a history is written down there as well, at once.
  void speak_to(last_words& listener) { listener_ = &listener; }
  /// Runs only as far as the plan goes, whose graph is then the explorer's. False if the program has
  /// no such execution. A failure is not reported: it stops its thread, and comes again when the
  /// graph is run, in the order of that run.
  bool follow(const plan& p);

  /// The execution in which the caller is.
  static execution& current() {
    if (current_ == nullptr) nothing_is_explored();
    return *current_;
  }
  /// The same while code of the program runs, else null: whose memory the global new gives out.
  static execution* active() noexcept { return active_; }
  /// The execution in which the caller is, or null.
  static execution* here_now() noexcept { return current_; }

  /// From a signal handler, or anywhere in code of the program: the execution fails. Returns only if
  /// that cannot be told, since it is being told already.
  void interrupt(const interruption& why) noexcept;
  /// How many times a program was run, the current one included.
  [[nodiscard]] std::uint64_t runs() const { return runs_; }

  // For the program: see runtime.hpp.
  std::uint64_t load(const object& atomic, std::memory_order order, place where);
  void store(const object& atomic, std::uint64_t value, std::memory_order order, place where);
  rmw_outcome modify(const object& atomic, const operation& op, place where);
  rmw_outcome modify_weakly(const object& atomic, const operation& op, place where);
  void fence(std::memory_order order, place where);
  std::uint64_t await(const object& atomic, std::memory_order order, const acceptance& accepts,
                      place where, waiting how);
  std::uint64_t await_modify(const object& atomic, const operation& op, const acceptance& accepts,
                             place where, waiting how);
  wait_outcome wait(const object& word, const void* address, std::uint64_t expected, bool timed);
  void wake(const void* address, bool all);
  unsigned spawn(void (*entry)(void*), void* argument, place where);
  void join(unsigned thread, place where, waiting how = waiting::sleeps);
  /// The process of the program ends here: what the others do may come before that, as far as it goes. That they wait
  /// for ever is no failure then.
  [[noreturn]] void end_process(place where);
  bool wakes_spuriously() { return goes_wrong(&faults::spurious_wakes); }
  unsigned choose(unsigned n);
  void assume(bool condition);
  [[nodiscard]] std::uint64_t newest_known(const object& atomic);
  void begin_access(const object& cell, cell_access access, place where);
  void end_access(const object& cell, cell_access access);
  void* allocate(std::size_t bytes, std::size_t alignment);
  void deallocate(void* p, std::size_t bytes, std::size_t alignment);
  void* global_allocate(std::size_t bytes, std::size_t alignment, heap_form form);
  void global_free(void* p, const heap_claim& claim);

  // For those who find objects and plain data by their address.

  /// A point of a thread after its first `time` - 1 events, and before the next.
  struct access_point {
    std::uint16_t thread = 0;
    std::int16_t time = 0;
  };
  /// While it is set, objects that are made have these locations, the same in all executions whoever makes
  /// them; and what was written there before counts as their construction.
  struct birth {
    std::vector<std::uint32_t>& locations;
    access_point written;
    place where;
    std::size_t made = 0;
  };
  void give_birth(birth* b) { birth_ = b; }
  /// A point after the last event of the thread and before its next: known to whoever has seen that.
  [[nodiscard]] access_point here() const {
    return {static_cast<std::uint16_t>(running_),
            static_cast<std::int16_t>(fibers_[running_].position + 1)};
  }
  /// What precedes the start of the threads happens before whatever they do.
  [[nodiscard]] bool ordered(const access_point& a) const {
    return a.thread == running_ ||
           (a.thread == 0 && running_ <= threads_ && graph_->before_spawn(a.time)) ||
           hb().seen[a.thread] >= a.time;
  }
  /// Whether all that was written to the atomic happens before now.
  [[nodiscard]] bool knows_all(const object& atomic);
  /// The last value in modification order.
  [[nodiscard]] std::uint64_t last_value(const object& atomic) {
    return newest_value(checked(&atomic).location);
  }
  /// Its memory is used otherwise from now on.
  void end_of_life(const object& o);
  /// The thread is in a state in which it was before, when it had come past `since` events of its own, and it
  /// has written nothing meanwhile: it would go on so for ever, unless it reads something else. What it reads
  /// next is `last`. Returns if this has been explored further.
  void block_in_loop(std::size_t since, const object& last, place where);
  /// The same, whether the thread could do otherwise by another choice or not. See runtime.hpp.
  void repeats(const object& last, std::size_t since, place where);
  /// Whether one of its events since then is a write.
  [[nodiscard]] bool has_written_since(std::size_t mark) {
    return any_since(mark, event_kind::write);
  }
  /// Of a thread that was started, and does not run yet: what it is called with.
  void set_argument(unsigned thread, void* argument) { fibers_[thread].argument = argument; }
  /// Whether it points into what the global heap of the execution has given out.
  [[nodiscard]] bool owns(const void* p) const { return global_memory_.contains(p); }
  /// Of the block that begins there; 0 if none does.
  [[nodiscard]] std::size_t size_of(const void* p) {
    const memory::block* const b = global_memory_.starting_at(p);
    return b == nullptr ? 0 : b->size;
  }
  /// Whether any is there that was not freed.
  [[nodiscard]] bool has_live_blocks() const { return global_memory_.live_blocks() > 0; }
  /// Whether a block begins there that was not freed.
  [[nodiscard]] bool is_live(const void* p) {
    const memory::block* const b = global_memory_.starting_at(p);
    return b != nullptr && b->live;
  }
  /// Of it, in what the heap has given out: the same in each execution.
  [[nodiscard]] std::size_t offset_in_heap(const void* p) const { return global_memory_.offset(p); }
  /// Where the next operation stands, if that does not say so itself.
  void comes_to(place where) { self().where = where; }
  /// Events of the graph that the calling thread has come past.
  [[nodiscard]] std::size_t position() { return self().position; }
  /// An access of plain data.
  struct plain_access {
    access_point point;
    step kind;
    place where;
  };
  /// Of data that is called so, which two accesses race for. `others`: what else was done there.
  [[noreturn]] void plain_race(const std::string& data, const plain_access& earlier,
                               const plain_access& now, const std::vector<plain_access>& others);

  // The same along the graph, if there is nothing to be said: replay.hpp. Null, false: not done.
  const event* repeat_load(const object& atomic, place where, const acceptance& accepts);
  bool repeat_store(const object& atomic, std::uint64_t value, place where);
  const event* repeat_modify(const object& atomic, const operation& op, place where,
                             const acceptance& accepts);
  const event* repeat_other(event_kind kind, unsigned choices, place where);
  bool begins_access(const object& cell, cell_access access, place where);

  [[noreturn]] void fail(std::string_view kind, std::string_view message);
  [[noreturn]] void refuse_order(const char* operation, std::memory_order order, place where);
  [[nodiscard]] bool recording() const { return recording_; }
  /// What the executions so far have held at most, their stacks included, in bytes.
  [[nodiscard]] std::size_t memory_held() const;
  void note(std::string_view text);
  void remark(std::string_view text);
  std::uint32_t born(const object* o, object_kind kind, std::uint64_t value, std::size_t extent);
  void died(const object* o);
  void set_name(const object& o, const char* name);

  /// The calling thread: 0 before and after the others.
  [[nodiscard]] unsigned thread() const { return running_; }
  /// Of its last operation.
  [[nodiscard]] place last_place() const { return fibers_[running_].where; }
  /// What happens before now. Of the calling thread itself all so far, up to the next event.
  [[nodiscard]] clock now();

 private:
  static constexpr unsigned nobody = max_threads;
  // Threads to wait for.
  static constexpr unsigned all_fixed = 0;
  static constexpr unsigned all_started = max_threads;
  static constexpr std::uint32_t no_location = 0xFFFFFFFF;
  static constexpr std::size_t no_limit = 0xFFFFFFFF;
  static constexpr unsigned most_choices = 255;

  enum class state : std::uint8_t {
    unborn,
    ready,
    deferred,  ///< at an await that has no value to go on with yet
    blocked,   ///< at an await whose value is in the graph, and is not one to go on with
    excluded,  ///< where it has assumed what does not hold
    left,      ///< where it has ended the process
    joining,   ///< at the end of threads: of its `target`
    paused,    ///< at the end of the plan, if there is one, or failed before
    finished,
  };

  /// The exceptions that are in flight or being handled, which the C++ runtime keeps per OS thread.
  struct exceptions {
    void* caught;
    unsigned int uncaught;
  };

  struct fiber {
    execution::state state = state::unborn;
    void* context = nullptr;
    exceptions handled{};
    std::size_t position = 0;      // events of the graph that this run has come past
    std::size_t entered = 0;       // the same as it began its last operation
    std::size_t limit = no_limit;  // where it hands back to `demander`
    // Of the graph with which the run has started: how far it leads, up to the limit, if the run is not
    // recorded. These events are not moved before the thread has come past them.
    const event* events = nullptr;
    std::size_t length = 0;
    std::size_t leads_to = 0;
    unsigned demander = nobody;
    bool interrupted = false;
    std::uint32_t location = 0;    // deferred, blocked: of the await
    std::uint32_t object = 0;      // the same: its record
    waiting how = waiting::spins;  // the same; joining
    std::size_t reads_since = 0;   // blocked: the first event that it waits with
    acceptance accepts;
    model::faults faults;  // so far
    place where;           // of its last operation
    // Of a thread that was started.
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
    std::uint16_t started = 0;    // how many it has started itself
    unsigned target = all_fixed;  // joining: which one
  };

  struct record {
    const object* address = nullptr;
    object_kind kind = object_kind::atomic;
    bool alive = true;
    bool holds_value = false;  // a cell
    std::uint8_t readers = 0;
    bool writing = false;
    std::uint32_t location = no_location;
    const char* name = nullptr;
    std::uint32_t extent = 0;   // in bytes
    std::uint32_t sharers = 0;  // a bit for each thread that has used it
    place written_at;           // of its last write, if that has one
    std::uint32_t read_at = 0;  // of a cell: in read_at_, the first of its threads
    access_point written;       // a cell: its last write; an atomic: its construction; then its end
    std::uint32_t users = 0;    // a bit for each thread that `used` counts
    std::uint32_t known_to =
        0;       // of an atomic: a bit for each thread that has found `written` in order
    clock used;  // each thread's last read of a cell, last use of an atomic

    void use(unsigned thread, std::int16_t time) {
      used.seen[thread] = time;
      users |= 1U << thread;
    }
  };

  /// What a thread does besides events of the graph, while the run is recorded.
  struct logged {
    unsigned thread;
    bool after;
    std::size_t position;  // events of its thread before
    step kind;
    std::uint32_t object;
    std::string text;
    model::place place;
    bool at_fault;
  };
  static constexpr std::uint32_t no_object = 0xFFFFFFFF;
  class drawing;

  /// An order that was met, and what the operation gets.
  struct known_order {
    place where;
    ordered_operation operation;
    std::memory_order written;
    std::memory_order given;
    bool of_the_model;
  };

  static inline constinit thread_local execution* current_ = nullptr;
  static inline constinit thread_local execution* active_ = nullptr;
  static execution* exchange_active(execution* e) noexcept { return std::exchange(active_, e); }
  /// While one exists, allocations are the engine's own.
  class engine_scope {
   public:
    engine_scope() : interrupted_(exchange_active(nullptr)) {}
    ~engine_scope() { exchange_active(interrupted_); }
    engine_scope(const engine_scope&) = delete;
    engine_scope& operator=(const engine_scope&) = delete;

   private:
    execution* const interrupted_;
  };
  struct stacks {
    stacks();
    ~stacks();
    stacks(const stacks&) = delete;
    stacks& operator=(const stacks&) = delete;
    static constexpr std::size_t size = std::size_t{256} * 1024;
    /// Address space for each. What is below the stack faults, so that an overflow does not go
    /// unnoticed: as far as one big object may reach.
    static constexpr std::size_t stride = std::size_t{8} * 1024 * 1024;
    [[nodiscard]] std::byte* top(unsigned fiber) const { return base + (fiber + 1) * stride; }
    [[nodiscard]] bool overflows(unsigned fiber, const void* p) const {
      return top(fiber) - stride <= p && p < top(fiber) - size;
    }
    /// The part of them that was ever used, in bytes.
    [[nodiscard]] std::size_t touched() const;
    /// To be called before the first use of one.
    void open(unsigned fiber);
    std::byte* base;
    std::array<bool, max_threads> opened{};
  };

  [[noreturn]] static void nothing_is_explored();

  // Along the graph: replay.hpp.
  [[nodiscard]] const event* ahead();
  record* known(const object& o);
  const event* ahead(event_kind kind, const object& atomic);
  void go_past(std::size_t events, place where);
  void go_past(std::size_t events, const object& atomic, place where);

  // Fibers, and the schedule: execution.cpp.
  void run_once(bool recording, bool watching);
  void reset(bool recording, bool watching);
  void start(unsigned thread);
  void body(unsigned thread);
  void run_outside();
  void finish_thread();
  [[nodiscard]] bool has_ended(unsigned target) const;
  void wait_for_end(unsigned target, waiting how = waiting::sleeps);
  void run_to_end(unsigned thread);
  void switch_to(unsigned next);
  static void arrived(void* from_context, void* from);
  [[noreturn]] void end(run_end how);
  fiber& self() { return fibers_[running_]; }
  static void set_limit(fiber& f, std::size_t limit) {
    f.limit = limit;
    f.leads_to = std::min(f.length, limit);
  }
  unsigned pick();
  void park(state s);
  void execute_up_to(event_id e) {
    if (e != init_event && fibers_[e.thread].position <= e.index) demand(e);
  }
  void be_started(unsigned thread);
  void demand(event_id e);
  void after_new_write(std::uint32_t l) {
    if (deferred_ > 0) let_deferred_read(l);
  }
  void let_deferred_read(std::uint32_t l);

  // Events: events.cpp.
  bool goes_wrong(unsigned faults::* kind);
  const decision& planned();
  void enter(place where);
  [[nodiscard]] bool at_end() { return self().position == graph_->length(running_); }
  const event& repeat(event_kind kind, std::uint32_t l);
  static event read_of(std::uint32_t l, place where) {
    event e;
    e.kind = event_kind::read;
    e.location = l;
    e.place = where;
    return e;
  }
  void check_bound();
  rmw_outcome read(const event& e, const acceptance& accepts);
  std::uint64_t read_or_wait(event& e, const object& waits_for, const acceptance& accepts,
                             waiting how);
  void write_part(event_id read);
  void write(const event& e);
  void other(const event& e);

  /// The order that the operation gets.
  std::memory_order order_of(ordered_operation o, std::memory_order written, place where) {
    return weakened_ == nullptr && !observes_orders_ ? written : looked_at(o, written, where);
  }
  std::uint64_t load_in(std::memory_order order, const object& atomic, place where);
  std::memory_order looked_at(ordered_operation o, std::memory_order written, place where);
  operation order_of(const operation& op, place where);

  // Waiting: waiting.cpp.
  void fence_silently(place where);
  std::uint32_t queue_of(const void* address);
  [[nodiscard]] bool another_execution_goes_on() const;
  [[nodiscard]] bool could_read_later_values(unsigned thread, std::size_t since) const;
  [[nodiscard]] bool any_since(std::size_t mark, event_kind kind) const;
  [[nodiscard]] bool lost_its_wake_up(unsigned thread) const;
  [[nodiscard]] std::uint64_t slept_for(unsigned thread) const;
  [[nodiscard]] std::uint64_t newest_value(std::uint32_t l) const;
  [[noreturn]] void nobody_can_go_on();
  [[nodiscard]] std::string why_blocked(unsigned thread) const;

  // Plain memory: watching.cpp.
  [[nodiscard]] plain_memory::viewer viewer() const;
  void look() {
    if (plain_.watching() && plain_.differs()) take_changes();
  }
  void begin_to_watch();
  void forget_plain(const void* p, std::size_t size);
  void take_changes();
  void reveal() {
    if (plain_.hides()) plain_.show_to(viewer());
  }
  void tell_hidden();
  [[nodiscard]] std::string changed_bytes(const plain_memory::change& c) const;

  // Failing: failing.cpp.
  [[noreturn]] void fail_interrupted();
  [[noreturn]] void nondeterministic(std::string_view what);

  // Happens-before, objects and memory: objects.cpp.
  [[nodiscard]] const clock& hb() const {
    return graph_->after(running_, fibers_[running_].position).hb;
  }
  [[nodiscard]] unsigned unordered_use(const record& r) const {
    const std::uint32_t others = r.users & ~(1U << running_);
    if (others == 0) return nobody;
    const clock& seen = hb();
    for (unsigned t = 0; t < graph_->threads(); ++t) {
      if ((others >> t & 1U) != 0 && r.used.seen[t] > seen.seen[t]) return t;
    }
    return nobody;
  }
  [[nodiscard]] place place_before(const access_point& a) const;
  /// Of the last read of a cell, if it is known.
  [[nodiscard]] place read_place(const record& r, unsigned thread) const {
    return thread < readers_known_ ? read_at_[r.read_at + thread] : place();
  }
  std::uint32_t use(const object& atomic);
  /// Of the two that race: what was done, and where, if the place is known.
  struct earlier_use {
    std::string_view what;
    access_point point;
    place where;
  };
  [[noreturn]] void race(const earlier_use& earlier, std::string_view doing, place where,
                         std::uint32_t id);
  void log_before_later_ones(const plain_access& a, std::uint32_t id);
  void check_succession(const object* o);
  void end_of_life(std::uint32_t id);
  [[nodiscard]] bool is_alive(const object* o) const {
    return o->id_ < objects_ && records_[o->id_].address == o && records_[o->id_].alive;
  }
  record& checked(const object* o) {
    if (!is_alive(o)) bad_object(o);
    return records_[o->id_];
  }
  [[noreturn]] void bad_object(const object* o);
  void used_by_me(record& r) {
    if (is_shared_ || (running_ == 0 && threads_ > 0)) return;
    r.sharers |= 1U << running_;
    is_shared_ = (r.sharers & (r.sharers - 1)) != 0;
  }
  /// What is left to do once an access may begin.
  void begin_span(record& r, cell_access access, place where) {
    used_by_me(r);
    if (access == cell_access::read) {
      ++r.readers;
      if (running_ < readers_known_) read_at_[r.read_at + running_] = where;
    } else {
      r.writing = true;
      r.written_at = where;
    }
  }
  void check_cell(const record& r, std::uint32_t id, cell_access access, place where);
  void* allocate_in(memory& m, std::size_t bytes, std::size_t alignment, heap_form form);
  [[noreturn]] void bad_free(const memory& m, const void* p);
  void free_block(memory& m, memory::block& b);
  void check_leaks(const memory& m);

  // For people: history.cpp, picture.cpp.
  /// A line of the history. The text is made here: it must not take memory of the execution, whose
  /// addresses are to be the same whether a run is recorded or not.
  template <class F>
  void show(std::string_view operation, F details) {
    show_at(self().where, operation, details);
  }
  template <class F>
  void show_at(place where, std::string_view operation, F details) {
    if (!recording_) return;
    const engine_scope scope;
    line(operation, details(), where);
  }
  void line(std::string_view operation, std::string_view details, place where);
  void line(std::string_view operation, std::string_view details) {
    line(operation, details, self().where);
  }
  void log(step kind, std::uint32_t object, std::string_view text = {}, place where = {}) {
    if (recording_) add_to_log(kind, object, text, where);
  }
  void add_to_log(step kind, std::uint32_t object, std::string_view text, place where);
  void blame(event_id e);
  void blame_current();
  void blame_earlier(const access_point& a, std::uint32_t id);
  void blame_last(std::uint32_t id, step kind);
  [[nodiscard]] picture draw() const;
  [[nodiscard]] std::string name(unsigned thread) const;
  [[nodiscard]] std::string name_of(std::uint32_t id) const;
  [[nodiscard]] std::string value_text(std::uint64_t value) const;
  [[nodiscard]] std::string outcome_text(const object& atomic, const operation& op,
                                         const rmw_outcome& outcome) const;

  program& program_;
  explorer& explorer_;
  graph* graph_ = nullptr;
  stacks stacks_;
  memory memory_;         // of the seam
  memory global_memory_;  // apart, so that a recording leaves memory_ as it is
  plain_memory plain_;
  std::string hidden_;  // what was, as the run failed
  bool is_shared_ = false;
  bool to_watch_ = false;
  bool recording_ = false;
  const plan* plan_ = nullptr;
  run_outcome outcome_;
  std::array<fiber, max_threads> fibers_;
  const model::faults faults_;
  interruption interruption_;
  last_words* listener_ = nullptr;
  std::uint64_t runs_ = 0;
  unsigned threads_;            ///< of the check: besides thread 0 and those that are started
  unsigned readers_known_ = 0;  ///< how many threads were known as the run began
  unsigned started_ = 0;        ///< of those that were started: how many have not ended
  unsigned running_ = 0;
  unsigned unfinished_ = 0;
  unsigned deferred_ = 0;
  bool after_ = false;
  bool process_has_ended_ = false;
  std::vector<record> records_;
  std::vector<place> read_at_;                 // of each cell by each thread, the last
  std::uint32_t objects_ = 0;                  ///< how many there have been: as many as records
  std::uint32_t alive_ = 0;                    ///< how many of them
  std::vector<std::uint32_t> ended_in_place_;  // in memory that has not been freed
  // The atomics of a thread in the order in which it constructs them, in all runs.
  std::array<std::vector<std::uint32_t>, max_threads> locations_of_;
  std::array<std::size_t, max_threads> born_{};
  std::uint32_t locations_ = 0;
  // The queues of those who wait at an address.
  struct wait_queue {
    const void* address;
    std::uint32_t location;
  };
  std::vector<wait_queue> queues_;
  birth* birth_ = nullptr;
  const weakening* weakened_ = nullptr;
  bool observes_orders_ = false;
  std::vector<known_order> orders_;  // in all runs
  std::vector<logged> log_;
  std::vector<event_id> at_fault_;
  void* engine_context_ = nullptr;
  exceptions engine_handled_{};
  void* handled_here_ = nullptr;  ///< where the C++ runtime keeps those of this OS thread
};

}  // namespace runnel::model
