// SPDX-License-Identifier: MIT
//
// An execution in words, for people: the lines of its history.
#include "execution.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace runnel::model {

void execution::note(std::string_view text) {
  remark(text);
  log(step::note, no_object, text);
}

void execution::remark(std::string_view text) {
  if (recording_) line(text, "");
}

std::string execution::name(unsigned thread) const {
  if (thread != 0) return "thread " + std::to_string(thread - 1);
  return after_ ? "after" : program_.name_of_before();
}

std::string execution::name_of(std::uint32_t id) const {
  // The location would depend on the runs before.
  const std::string number = std::to_string(id);
  const char* const name = records_[id].name;
  if (name == nullptr)
    return (records_[id].kind == object_kind::atomic ? "atomic " : "cell ") + number;
  const auto has_it = [name](const record& r) {
    return r.name != nullptr && std::string_view(r.name) == name;
  };
  return std::ranges::count_if(records_, has_it) == 1 ? name : name + (" (" + number + ')');
}

void execution::set_name(const object& o, const char* name) { checked(&o).name = name; }

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
  return s + in_order(outcome.wrote ? op.order : op.failure);
}

void execution::line(std::string_view operation, std::string_view details, place where) {
  const engine_scope scope;
  std::string text = name(running_);
  text.resize(std::max<std::size_t>(text.size() + 1, 10), ' ');
  if (*where.name != '\0') text += text_of(where);
  text.resize(std::max<std::size_t>(text.size() + 1, 40), ' ');
  text += operation;
  if (!details.empty()) text += ' ';
  text += details;
  text += '\n';
  outcome_.history += text;
  if (listener_ != nullptr) listener_->append(text);
}

}  // namespace runnel::model
