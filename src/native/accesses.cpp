// SPDX-License-Identifier: MIT
//
// ThreadSanitizer's interface: what GCC and Clang call before each access to memory, and in place of each
// atomic operation.
#include "entries.hpp"

#include <runnel/model/runtime.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

namespace runnel::model::native {

namespace {

// ---- Plain data

void access_plain(const void* p, std::size_t size, step kind) {
  const call c;
  if (!c.of_program() || size == 0) return;
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  native_program& program = call::program();
  if (program.is_exchanged(address)) return;
  const place where = c.where();
  if (kind == step::read) {
    program.memory.read(address, size, where);
  } else {
    program.memory.write(address, size, where);
    program.require_own(address, where);
    program.team.changes(call::thread(), address, size);
  }
}

// ---- Atomics

std::memory_order order_of(int n) {
  constexpr int hardware_lock_elision = 0xFFFF;
  switch (n & hardware_lock_elision) {
    case 0: return std::memory_order::relaxed;
    case 1: return std::memory_order::consume;
    case 2: return std::memory_order::acquire;
    case 3: return std::memory_order::release;
    case 4: return std::memory_order::acq_rel;
    default: return std::memory_order::seq_cst;
  }
}

template <class T>
std::uint64_t bits(T value) {
  return static_cast<std::make_unsigned_t<T>>(value);
}

/// Where the engine is: at the atomic of the size of T at an address.
template <class T>
class at {
 public:
  at(const call& c, const volatile T* p, bool writes)
      : where_(c.where()),
        memory_(const_cast<T*>(p)),
        atomic_(call::program().memory.atomic(reinterpret_cast<std::uintptr_t>(p), sizeof(T),
                                              writes, where_)) {}

  /// Not, if the thread was here before in the same state.
  void go_on_unless_looping(const call& c) const {
    execution& x = execution::current();
    const auto since =
        call::me().states.seen(c.door(), call::program().team.top(x.thread()), x.position());
    if (since) block(*since);
  }
  void block(std::size_t since) const {
    execution::current().block_in_loop(since, atomic_, where_);
  }
  T load(std::memory_order order) const {
    return static_cast<T>(model::load(atomic_, order, where_));
  }
  void store(T value, std::memory_order order) const {
    call::program().require_own(reinterpret_cast<std::uintptr_t>(memory_), where_);
    model::store(atomic_, bits(value), order, where_);
    show_last();
    call::acts();
  }
  rmw_outcome modify(const operation& op, bool weakly = false) const {
    call::program().require_own(reinterpret_cast<std::uintptr_t>(memory_), where_);
    const rmw_outcome r =
        weakly ? modify_weakly(atomic_, op, where_) : model::modify(atomic_, op, where_);
    if (r.wrote) {
      show_last();
      // What writes the value that was there may be a turn of a loop that waits.
      if (result_of(op, r.value, 0) != r.value) call::acts();
    }
    return r;
  }

 private:
  /// To code that is not compiled for the explorer. Not in stacks, whose bytes are the state of their threads.
  void show_last() const {
    if (call::program().team.with_stack_around(reinterpret_cast<std::uintptr_t>(memory_)) !=
        max_threads)
      return;
    const std::uint64_t last = execution::current().last_value(atomic_);
    std::memcpy(memory_, &last, sizeof(T));
  }

  place where_;
  T* memory_;
  const object& atomic_;
};

/// An operation that a thread may have done before, here and since it has done something else than to read, as
/// native_options::cuts_polls has it: then it is not done again.
template <class T>
class poll_of {
 public:
  poll_of(const call& c, const volatile T* p)
      : call_(c),
        memory_(p),
        code_(c.door().return_address()),
        address_(reinterpret_cast<std::uintptr_t>(p)),
        known_(call::program().cuts_polls ? states().polled(code_, address_) : nullptr),
        position_(execution::current().position()) {}

  /// What it reads again, if it writes nothing else.
  std::optional<T> again(const operation& op) const {
    if (known_ == nullptr || result(op, known_->value) != known_->value) return std::nullopt;
    if (++known_->repetitions > loop_states::most_turns)
      at<T>(call_, memory_, false).block(known_->position);
    return static_cast<T>(known_->value);
  }
  void remember(T value) const {
    if (!call::program().cuts_polls) return;
    if (known_ != nullptr) {
      known_->value = bits(value);
    } else {
      states().has_polled({code_, address_, bits(value), position_});
    }
  }

 private:
  static loop_states& states() { return call::me().states; }
  static std::uint64_t result(const operation& op, std::uint64_t value) {
    return writes(op, value) ? result_of(op, value, 0) : value;
  }

  const call& call_;
  const volatile T* memory_;
  std::uintptr_t code_;
  std::uintptr_t address_;
  loop_states::poll* known_;
  std::size_t position_;
};

template <class T>
T load(const volatile T* p, int order) {
  const call c;
  if (!c.of_program()) return __atomic_load_n(p, __ATOMIC_SEQ_CST);
  const poll_of<T> poll(c, p);
  if (const auto again = poll.again({})) return *again;
  const at<T> a(c, p, false);
  a.go_on_unless_looping(c);
  const T value = a.load(order_of(order));
  poll.remember(value);
  return value;
}

template <class T>
void store(volatile T* p, T value, int order) {
  const call c;
  if (!c.of_program()) return __atomic_store_n(p, value, __ATOMIC_SEQ_CST);
  at<T>(c, p, true).store(value, order_of(order));
}

/// What there is without the engine.
template <class T>
T modify_at_once(volatile T* p, T operand, operation_kind kind) {
  T seen = __atomic_load_n(p, __ATOMIC_SEQ_CST);
  const operation op{.kind = kind, .bytes = sizeof(T), .operand = bits(operand)};
  while (!__atomic_compare_exchange_n(p, &seen, static_cast<T>(result_of(op, bits(seen), 0)), false,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return seen;
}

template <class T>
T modify(volatile T* p, T operand, int order, operation_kind kind) {
  const call c;
  if (!c.of_program()) return modify_at_once(p, operand, kind);
  const operation op{
      .kind = kind, .bytes = sizeof(T), .order = order_of(order), .operand = bits(operand)};
  const poll_of<T> poll(c, p);
  if (const auto again = poll.again(op)) return *again;
  const at<T> a(c, p, true);
  a.go_on_unless_looping(c);
  const std::uint64_t value = a.modify(op).value;
  if (result_of(op, value, 0) == value) poll.remember(static_cast<T>(value));
  return static_cast<T>(value);
}

template <class T>
rmw_outcome compare_exchange(const call& c, volatile T* p, T expected, T desired, int order,
                             int failure, bool weakly) {
  const operation op{.kind = operation_kind::compare,
                     .bytes = sizeof(T),
                     .order = order_of(order),
                     .failure = order_of(failure),
                     .operand = bits(desired),
                     .expected = bits(expected)};
  const poll_of<T> poll(c, p);
  if (const auto again = poll.again(op)) return {bits(*again), false};
  const at<T> a(c, p, true);
  a.go_on_unless_looping(c);
  const rmw_outcome r = a.modify(op, weakly);
  if (!r.wrote) poll.remember(static_cast<T>(r.value));
  return r;
}

template <class T>
int compare_exchange_at(volatile T* p, T* expected, T desired, int order, int failure,
                        bool weakly) {
  const call c;
  if (!c.of_program())
    return __atomic_compare_exchange_n(p, expected, desired, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
  const place where = c.where();
  shadow& memory = call::program().memory;
  const auto e = reinterpret_cast<std::uintptr_t>(expected);
  memory.read(e, sizeof(T), where);
  const T wanted = *expected;
  const rmw_outcome r = compare_exchange(c, p, wanted, desired, order, failure, weakly);
  if (r.wrote) return 1;
  memory.write(e, sizeof(T), where);
  call::program().require_own(e, where);
  *expected = static_cast<T>(r.value);
  call::program().team.changes(call::thread(), e, sizeof(T));
  return 0;
}

template <class T>
T compare_exchange_value(volatile T* p, T expected, T desired, int order, int failure) {
  const call c;
  if (c.of_program())
    return static_cast<T>(compare_exchange(c, p, expected, desired, order, failure, false).value);
  __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}

[[noreturn]] void refuse(const call& c, const char* what) {
  if (!c.of_program()) std::abort();
  execution::current().fail("unsupported", std::string(what) + " at " + text_of(c.where()));
}

}  // namespace

}  // namespace runnel::model::native

namespace native = runnel::model::native;
using runnel::model::operation_kind;
using runnel::model::step;

// NOLINTBEGIN
extern "C" {

void runnel_do___tsan_init() {}

/// In the place of what the program has called: its stack was not clean there.
void runnel_do_unclean() {
  const native::call c;
  runnel::model::execution::current().run_again();
}

void runnel_do___tsan_func_entry(const void* returns_to) {
  const native::call c;
  if (c.of_program())
    native::call::me().calls.push_back(reinterpret_cast<std::uintptr_t>(returns_to));
}
void runnel_do___tsan_func_exit() {
  const native::call c;
  if (c.of_program() && !native::call::me().calls.empty()) native::call::me().calls.pop_back();
}

#define PLAIN(size)                                                                          \
  void runnel_do___tsan_read##size(void* p) { native::access_plain(p, size, step::read); }   \
  void runnel_do___tsan_write##size(void* p) { native::access_plain(p, size, step::write); } \
  void runnel_do___tsan_volatile_read##size(void* p) {                                       \
    native::access_plain(p, size, step::read);                                               \
  }                                                                                          \
  void runnel_do___tsan_volatile_write##size(void* p) {                                      \
    native::access_plain(p, size, step::write);                                              \
  }
#define UNALIGNED(size)                                           \
  void runnel_do___tsan_unaligned_read##size(void* p) {           \
    native::access_plain(p, size, step::read);                    \
  }                                                               \
  void runnel_do___tsan_unaligned_write##size(void* p) {          \
    native::access_plain(p, size, step::write);                   \
  }                                                               \
  void runnel_do___tsan_unaligned_volatile_read##size(void* p) {  \
    native::access_plain(p, size, step::read);                    \
  }                                                               \
  void runnel_do___tsan_unaligned_volatile_write##size(void* p) { \
    native::access_plain(p, size, step::write);                   \
  }
// clang-format off
PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)
UNALIGNED(2)
UNALIGNED(4)
UNALIGNED(8)
UNALIGNED(16)
// clang-format on

void runnel_do___tsan_read_range(void* p, std::size_t size) {
  native::access_plain(p, size, step::read);
}
void runnel_do___tsan_write_range(void* p, std::size_t size) {
  native::access_plain(p, size, step::write);
}
void runnel_do___tsan_vptr_update(void** p, void*) {
  native::access_plain(p, sizeof *p, step::write);
}
void runnel_do___tsan_vptr_read(void** p) { native::access_plain(p, sizeof *p, step::read); }

void* runnel_do___tsan_memcpy(void* to, const void* from, std::size_t size);
void* runnel_do___tsan_memmove(void* to, const void* from, std::size_t size);
void* runnel_do___tsan_memset(void* to, int value, std::size_t size);
// Those of the C library, in the table of the program (imports.cpp).
void* runnel_do_runnel_memcpy(void* to, const void* from, std::size_t size) {
  return runnel_do___tsan_memcpy(to, from, size);
}
void* runnel_do___tsan_memcpy(void* to, const void* from, std::size_t size) {
  auto* const caller = native::runnel_caller;
  native::access_plain(from, size, step::read);
  native::runnel_caller = caller;
  native::access_plain(to, size, step::write);
  return std::memcpy(to, from, size);
}
void* runnel_do_runnel_memmove(void* to, const void* from, std::size_t size) {
  return runnel_do___tsan_memmove(to, from, size);
}
void* runnel_do___tsan_memmove(void* to, const void* from, std::size_t size) {
  auto* const caller = native::runnel_caller;
  native::access_plain(from, size, step::read);
  native::runnel_caller = caller;
  native::access_plain(to, size, step::write);
  return std::memmove(to, from, size);
}
void* runnel_do_runnel_memset(void* to, int value, std::size_t size) {
  return runnel_do___tsan_memset(to, value, size);
}
void* runnel_do___tsan_memset(void* to, int value, std::size_t size) {
  native::access_plain(to, size, step::write);
  return std::memset(to, value, size);
}

#define RMW(bits, name, kind)                                                                    \
  std::uint##bits##_t runnel_do___tsan_atomic##bits##_##name(volatile std::uint##bits##_t* p,    \
                                                             std::uint##bits##_t v, int order) { \
    return native::modify<std::uint##bits##_t>(p, v, order, operation_kind::kind);               \
  }
#define ATOMIC(bits)                                                                              \
  std::uint##bits##_t runnel_do___tsan_atomic##bits##_load(const volatile std::uint##bits##_t* p, \
                                                           int order) {                           \
    return native::load<std::uint##bits##_t>(p, order);                                           \
  }                                                                                               \
  void runnel_do___tsan_atomic##bits##_store(volatile std::uint##bits##_t* p,                     \
                                             std::uint##bits##_t v, int order) {                  \
    native::store<std::uint##bits##_t>(p, v, order);                                              \
  }                                                                                               \
  RMW(bits, exchange, exchange)                                                                   \
  RMW(bits, fetch_add, add)                                                                       \
  RMW(bits, fetch_sub, subtract)                                                                  \
  RMW(bits, fetch_and, bit_and)                                                                   \
  RMW(bits, fetch_or, bit_or)                                                                     \
  RMW(bits, fetch_xor, bit_xor)                                                                   \
  std::uint##bits##_t runnel_do___tsan_atomic##bits##_fetch_nand(volatile std::uint##bits##_t*,   \
                                                                 std::uint##bits##_t, int) {      \
    native::refuse(native::call(), "an atomic nand");                                             \
  }                                                                                               \
  int runnel_do___tsan_atomic##bits##_compare_exchange_strong(                                    \
      volatile std::uint##bits##_t* p, std::uint##bits##_t* e, std::uint##bits##_t v, int order,  \
      int failure) {                                                                              \
    return native::compare_exchange_at<std::uint##bits##_t>(p, e, v, order, failure, false);      \
  }                                                                                               \
  int runnel_do___tsan_atomic##bits##_compare_exchange_weak(                                      \
      volatile std::uint##bits##_t* p, std::uint##bits##_t* e, std::uint##bits##_t v, int order,  \
      int failure) {                                                                              \
    return native::compare_exchange_at<std::uint##bits##_t>(p, e, v, order, failure, true);       \
  }                                                                                               \
  std::uint##bits##_t runnel_do___tsan_atomic##bits##_compare_exchange_val(                       \
      volatile std::uint##bits##_t* p, std::uint##bits##_t e, std::uint##bits##_t v, int order,   \
      int failure) {                                                                              \
    return native::compare_exchange_value<std::uint##bits##_t>(p, e, v, order, failure);          \
  }
// clang-format off
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
// clang-format on

#define REFUSED(name)                                        \
  void runnel_do___tsan_atomic128_##name() {                 \
    native::refuse(native::call(), "an atomic of 16 bytes"); \
  }
// clang-format off
REFUSED(load)
REFUSED(store)
REFUSED(exchange)
REFUSED(fetch_add)
REFUSED(fetch_sub)
REFUSED(fetch_and)
REFUSED(fetch_or)
REFUSED(fetch_xor)
REFUSED(fetch_nand)
REFUSED(compare_exchange_strong)
REFUSED(compare_exchange_weak)
REFUSED(compare_exchange_val)
// clang-format on

void runnel_do___tsan_atomic_thread_fence(int order) {
  const native::call c;
  if (!c.of_program()) return __atomic_thread_fence(__ATOMIC_SEQ_CST);
  runnel::model::fence(native::order_of(order), c.where());
}
}
// NOLINTEND
