// SPDX-License-Identifier: MIT
//
// An execution under Relacy: what its context does not know, how it fails, who sleeps, and how orders,
// lives and values are put to it.
#pragma once

#include "relacy_headers.hpp"

namespace runnel::check {

/// What Relacy's context does not know about the execution that is running.
struct relacy_execution {
  enum class phase : unsigned char { before, threads, after };

  struct sleeper {
    const void* word;
    int thread;
    bool awaits;  // a write, not a wake
  };

  phase now = phase::before;
  unsigned sleeping = 0;
  std::array<sleeper, max_threads> sleepers{};
  std::uint64_t moments_outside = 0;
  std::string_view failed_kind;  // one of `kind`; empty: not failed by a check of ours
  // Not a std::string: the heap of the execution is gone when the message is read.
  std::array<char, 400> message{};
};

inline constinit relacy_execution current_execution;

namespace relacy_detail {

inline rl::debug_info info_of(const char* what, const std::source_location& where) {
  return {what, where.file_name(), static_cast<unsigned>(where.line())};
}

[[noreturn]] inline void fail(std::string_view kind, std::string_view message,
                              const rl::debug_info& info) {
  relacy_execution& e = current_execution;
  e.failed_kind = kind;
  e.message[message.copy(e.message.data(), e.message.size() - 1)] = '\0';
  rl::ctx().fail_test(e.message.data(), rl::test_result_user_assert_failed, info);
  std::abort();  // not reached: fail_test leaves this fiber for good
}

/// Fails with a message that says which operation it was, and where.
[[noreturn]] inline void fail_at(std::string_view kind, const char* why,
                                 const rl::debug_info& info) {
  const char* const slash = std::strrchr(info.file_, '/');
  std::array<char, 300> message{};
  if (info.line_ == 0)
    std::snprintf(message.data(), message.size(), "%s: %s", info.func_, why);
  else
    std::snprintf(message.data(), message.size(), "%s (%s:%u): %s", info.func_,
                  slash != nullptr ? slash + 1 : info.file_, info.line_, why);
  fail(kind, message.data(), info);
}

/// The clocks of the accesses to an object, and whether it is alive.
class lifetime {
 public:
  lifetime() : accesses_(rl::ctx().var_ctor()), mark_(alive) {
    accesses_->init(*rl::ctx().threadx_);
  }
  ~lifetime() { rl::ctx().var_dtor(accesses_); }
  lifetime(const lifetime&) = delete;
  lifetime& operator=(const lifetime&) = delete;

  void read(const rl::debug_info& info) const {
    check_alive(info);
    if (!accesses_->load(*rl::ctx().threadx_)) race(info);
  }
  void write(const rl::debug_info& info) {
    check_alive(info);
    if (!accesses_->store(*rl::ctx().threadx_)) race(info);
  }
  void end(const rl::debug_info& info) {
    write(info);
    mark_ = dead;
  }

 private:
  static constexpr unsigned alive = 0x52756e6eU;
  static constexpr unsigned dead = 0xdeadU;

  void check_alive(const rl::debug_info& info) const {
    if (mark_ != alive) fail_at(kind::use_after_free, "the life of the object has ended", info);
  }
  [[noreturn]] static void race(const rl::debug_info& info) {
    fail_at(kind::data_race, "not ordered after what another thread did with the object", info);
  }

  rl::var_data* accesses_;
  volatile unsigned mark_;  // volatile: the last write to a dead object counts, too
};

/// An operation on an atomic: a point to switch at, then an undisturbed access.
class access {
 public:
  access(const lifetime& object, const rl::debug_info& info) {
    rl::ctx().sched();
    object.read(info);
    rl::ctx().disable_preemption();
  }
  ~access() { rl::ctx().enable_preemption(); }
  access(const access&) = delete;
  access& operator=(const access&) = delete;
};

/// A value as Relacy stores it: prints as a number or an address also if it is a small integer.
template <class T>
struct shown {
  T value;

  friend bool operator==(shown, shown) = default;
  friend shown operator+(shown a, shown b) { return {static_cast<T>(a.value + b.value)}; }
  friend shown operator-(shown a, shown b) { return {static_cast<T>(a.value - b.value)}; }
  friend shown operator|(shown a, shown b) { return {static_cast<T>(a.value | b.value)}; }
  friend std::ostream& operator<<(std::ostream& out, shown s) {
    if constexpr (std::is_pointer_v<T>)
      return out << '<' << static_cast<const void*>(s.value) << '>';
    else
      return out << +s.value;
  }
};

struct cell_event {
  const void* cell;

  void output(std::ostream& out) const { out << '<' << cell << '>'; }
};

inline rl::memory_order load_order(std::memory_order o) {
  switch (o) {
    case std::memory_order::seq_cst: return rl::mo_seq_cst;
    case std::memory_order::relaxed:
    case std::memory_order::release: return rl::mo_relaxed;
    default: return rl::mo_acquire;
  }
}

inline rl::memory_order store_order(std::memory_order o) {
  switch (o) {
    case std::memory_order::seq_cst: return rl::mo_seq_cst;
    case std::memory_order::release:
    case std::memory_order::acq_rel: return rl::mo_release;
    default: return rl::mo_relaxed;
  }
}

inline rl::memory_order update_order(std::memory_order o) {
  switch (o) {
    case std::memory_order::seq_cst: return rl::mo_seq_cst;
    case std::memory_order::acq_rel: return rl::mo_acq_rel;
    case std::memory_order::release: return rl::mo_release;
    case std::memory_order::relaxed: return rl::mo_relaxed;
    default: return rl::mo_acquire;
  }
}

struct order_pair {
  rl::memory_order success;
  rl::memory_order failure;
};

/// Relacy has no failure order that is stronger than the success order (and none but relaxed for
/// release). For such a pair the success order is strengthened just as far as it takes.
inline order_pair exchange_orders(std::memory_order success, std::memory_order on_failure) {
  const order_pair orders{update_order(success), load_order(on_failure)};
  if (orders.failure == rl::mo_seq_cst) return {rl::mo_seq_cst, rl::mo_seq_cst};
  if (orders.failure == rl::mo_acquire) {
    if (orders.success == rl::mo_relaxed) return {rl::mo_acquire, rl::mo_acquire};
    if (orders.success == rl::mo_release) return {rl::mo_acq_rel, rl::mo_acquire};
  }
  return orders;
}

/// Sleeps until woken (true) or timed out (false). Between the caller's last look and this there
/// is no point to switch at.
inline bool sleep(const void* word, bool awaits, bool timed, const rl::debug_info& info) {
  relacy_execution& e = current_execution;
  rl::context& c = rl::ctx();
  if (e.now != relacy_execution::phase::threads) {
    if (timed) return false;
    fail(kind::deadlock, "an operation blocks before or after the threads", info);
  }
  const int self = c.threadx_->index_;
  e.sleepers[e.sleeping++] = {word, self, awaits};
  if (c.park_current_thread(timed, false, false, info) == rl::unpark_reason_normal) return true;
  auto* const end = std::remove_if(e.sleepers.data(), e.sleepers.data() + e.sleeping,
                                   [self](const auto& s) { return s.thread == self; });
  e.sleeping = static_cast<unsigned>(end - e.sleepers.data());
  return false;
}

/// Releases the sleeper of that number.
inline void release(unsigned sleeper, const rl::debug_info& info) {
  relacy_execution& e = current_execution;
  const int thread = e.sleepers[sleeper].thread;
  std::copy(e.sleepers.begin() + sleeper + 1, e.sleepers.begin() + e.sleeping,
            e.sleepers.begin() + sleeper);
  --e.sleeping;
  rl::ctx().unpark_thread(thread, false, info);
}

inline void wake_one(const void* word, unsigned of, const rl::debug_info& info) {
  unsigned skip = of > 1 ? rl::rand(of) : 0;
  const relacy_execution& e = current_execution;
  for (unsigned i = 0; i < e.sleeping; ++i) {
    if (e.sleepers[i].word != word || e.sleepers[i].awaits) continue;
    if (skip-- == 0) return release(i, info);
  }
}

/// After a write to the word: those who spin on it may look again.
inline void written(const void* word, const rl::debug_info& info) {
  const relacy_execution& e = current_execution;
  for (unsigned i = 0; i < e.sleeping;) {
    if (e.sleepers[i].word == word && e.sleepers[i].awaits)
      release(i, info);
    else
      ++i;
  }
}

}  // namespace relacy_detail

}  // namespace runnel::check
