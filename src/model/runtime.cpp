// SPDX-License-Identifier: MIT
#include "replay.hpp"

#include <runnel/model/runtime.hpp>

namespace runnel::model {

object::object(object_kind kind, std::uint64_t value, std::size_t extent)
    : id_(execution::current().born(this, kind, value, extent)) {}
void object::set_name(const char* name) const { execution::current().set_name(*this, name); }
object::~object() { execution::current().died(this); }

std::uint64_t load(const object& atomic, std::memory_order order, place where) {
  execution& x = execution::current();
  const event* const e = x.repeat_load(atomic, where, {});
  return e != nullptr ? e->value : x.load(atomic, order, where);
}
void store(const object& atomic, std::uint64_t value, std::memory_order order, place where) {
  execution& x = execution::current();
  if (!x.repeat_store(atomic, value, where)) x.store(atomic, value, order, where);
}
rmw_outcome modify(const object& atomic, const operation& op, place where) {
  execution& x = execution::current();
  const event* const e = x.repeat_modify(atomic, op, where, {});
  return e != nullptr ? rmw_outcome{e->value, e->rmw} : x.modify(atomic, op, where);
}
rmw_outcome modify_weakly(const object& atomic, const operation& op, place where) {
  return execution::current().modify_weakly(atomic, op, where);
}
void fence(std::memory_order order, place where) {
  execution& x = execution::current();
  if (x.repeat_other(event_kind::fence, 1, where) == nullptr) x.fence(order, where);
}
std::uint64_t await(const object& atomic, std::memory_order order, const acceptance& accepts,
                    place where, waiting how) {
  execution& x = execution::current();
  const event* const e = x.repeat_load(atomic, where, accepts);
  return e != nullptr ? e->value : x.await(atomic, order, accepts, where, how);
}
std::uint64_t await_modify(const object& atomic, const operation& op, const acceptance& accepts,
                           place where, waiting how) {
  execution& x = execution::current();
  const event* const e = x.repeat_modify(atomic, op, where, accepts);
  return e != nullptr ? e->value : x.await_modify(atomic, op, accepts, where, how);
}
wait_outcome wait(const object& word, const void* address, std::uint64_t expected, bool timed) {
  return execution::current().wait(word, address, expected, timed);
}
void wake(const void* address, bool all) { execution::current().wake(address, all); }
unsigned start_thread(void (*entry)(void*), void* argument, place where) {
  return execution::current().spawn(entry, argument, where);
}
void join_thread(unsigned thread, place where) { execution::current().join(thread, where); }
bool wakes_spuriously() { return execution::current().wakes_spuriously(); }
void assume(bool condition) { execution::current().assume(condition); }
std::size_t mark() { return execution::current().position(); }
bool has_written_since(std::size_t mark) { return execution::current().has_written_since(mark); }
void repeats(const object& last, std::size_t since, place where) {
  execution::current().repeats(last, since, where);
}
unsigned choose(unsigned n) {
  execution& x = execution::current();
  const event* const e = x.repeat_other(event_kind::choice, n, x.last_place());
  return e != nullptr ? e->choice : x.choose(n);
}
std::uint64_t newest_known(const object& atomic) {
  return execution::current().newest_known(atomic);
}
void begin_access(const object& cell, cell_access access, place where) {
  execution& x = execution::current();
  if (!x.begins_access(cell, access, where)) x.begin_access(cell, access, where);
}
void end_access(const object& cell, cell_access access) {
  execution::current().end_access(cell, access);
}
void* allocate(std::size_t bytes, std::size_t alignment) {
  return execution::current().allocate(bytes, alignment);
}
void deallocate(void* p, std::size_t bytes, std::size_t alignment) {
  execution::current().deallocate(p, bytes, alignment);
}
bool running() noexcept { return execution::active() != nullptr; }
void* heap_allocate(std::size_t bytes, std::size_t alignment, heap_form form) {
  return execution::active()->global_allocate(bytes, alignment, form);
}
bool heap_free(void* p, const heap_claim& claim) {
  execution* const e = execution::active();
  if (e == nullptr || p == nullptr) return false;
  e->global_free(p, claim);
  return true;
}
moment now() {
  execution& e = execution::current();
  return {e.thread(), e.now().seen};
}
unsigned this_thread() { return execution::current().thread(); }
void refuse_order(const char* operation, std::memory_order order, place where) {
  execution::current().refuse_order(operation, order, where);
}
void fail(std::string_view kind, std::string_view message) {
  execution::current().fail(kind, message);
}
bool recording() { return execution::current().recording(); }
void note(std::string_view text) { execution::current().note(text); }
void remark(std::string_view text) { execution::current().remark(text); }

}  // namespace runnel::model
