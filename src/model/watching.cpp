// SPDX-License-Identifier: MIT
//
// What is said of plain memory that threads change.
#include "execution.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace runnel::model {

/// The thread that runs, as it began its operation.
plain_memory::viewer execution::viewer() const {
  return {running_, static_cast<std::int16_t>(fibers_[running_].entered + 1), hb()};
}

void execution::begin_to_watch() {
  const engine_scope scope;
  if (to_watch_) plain_.begin();
}

/// A value of the model is there, or nothing any more.
void execution::forget_plain(const void* p, std::size_t size) {
  const engine_scope scope;
  plain_.forget(p, size);
}

void execution::take_changes() {
  const engine_scope scope;
  const auto other = plain_.look(viewer());
  if (!other) return;
  fail(memory_changed, name(running_) + " changes " + changed_bytes(*other) +
                           ", and neither change happens before the other. " +
                           std::string(shared_has_to_be));
}

/// Which bytes those are, and who has changed them.
std::string execution::changed_bytes(const plain_memory::change& c) const {
  const memory& m = memory_.contains(c.begin) ? memory_ : global_memory_;
  const memory::block* const b = m.around(c.begin);
  std::string s = c.size == 1 ? "a byte" : std::to_string(c.size) + " bytes";
  if (b == nullptr) {
    s += " of no block of memory";
  } else {
    s += ", " + std::to_string(c.begin - b->begin) + " after the begin of ";
    s += b->begin == program_.state() ? "the state"
                                      : "a block of " + std::to_string(b->size) + " bytes that " +
                                            (b->thread == 0 ? "was allocated before the threads"
                                                            : name(b->thread) + " has allocated");
  }
  return s + ", which " + name(c.thread) + " has changed after " +
         text_of(place_before({c.thread, c.time}));
}

/// As the run fails.
void execution::tell_hidden() {
  if (const auto& c = plain_.hidden_last()) hidden_ = changed_bytes(*c);
}

}  // namespace runnel::model
