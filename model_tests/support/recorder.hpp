// SPDX-License-Identifier: MIT
//
// The history of an execution: each call on the channel with its response, and with the moments of
// invocation and response, from which happens-before between calls follows. The history is judged
// by the executable specification.
#pragma once

#include "check.hpp"

#include <spec/linearize.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace runnel::check {

inline const char* text(spec::op o) {
  constexpr std::array texts{"send",           "try_send",     "send_for",     "recv",
                             "try_recv",       "recv_for",     "clone sender", "drop sender",
                             "clone receiver", "drop receiver"};
  return texts[static_cast<std::size_t>(o)];
}
inline const char* text(spec::response r) {
  constexpr std::array texts{"ok", "disconnected", "full", "empty", "timeout"};
  return texts[static_cast<std::size_t>(r)];
}

/// "recv_for -> 2", "try_send 1 -> full"
inline std::string text(const spec::call& c) {
  std::string s = text(c.op);
  if (spec::is_send(c.op)) s += ' ' + std::to_string(c.value);
  if (!spec::is_send(c.op) && !spec::is_recv(c.op)) return s;
  const bool received = spec::is_recv(c.op) && c.response == spec::response::ok;
  return s + " -> " + (received ? std::to_string(c.value) : text(c.response));
}

/// An allocator outside of the heap of an execution, for what outlives executions.
template <class T>
struct outer_heap {
  using value_type = T;
  outer_heap() = default;
  template <class U>
  outer_heap(const outer_heap<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
  T* allocate(std::size_t n) {
    void* const p = std::malloc(n * sizeof(T));
    if (p == nullptr) std::abort();
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t) { std::free(p); }
  friend bool operator==(const outer_heap&, const outer_heap&) { return true; }
};

/// Histories, with the state they start from, that have been found right: each is judged once for
/// the many executions that have it.
class known_histories {
 public:
  using bytes = std::basic_string<char, std::char_traits<char>, outer_heap<char>>;

  static bytes key(const spec::history& h, const spec::state& s) {
    bytes k;
    put(k, s.capacity ? static_cast<std::uint32_t>(*s.capacity + 1) : 0);
    put(k, s.senders);
    put(k, s.receivers);
    for (std::size_t i = 0; i < h.size; ++i) {
      put(k, static_cast<std::uint32_t>(h.calls[i].op) << 16 |
                 static_cast<std::uint32_t>(h.calls[i].response) << 8 | h.calls[i].value);
      put(k, h.before[i]);
    }
    return k;
  }
  [[nodiscard]] bool contains(const bytes& key) const { return known_.contains(key); }
  void add(bytes key) { known_.insert(std::move(key)); }

 private:
  static void put(bytes& k, std::uint32_t x) {
    k.append(reinterpret_cast<const char*>(&x), sizeof x);
  }
  std::set<bytes, std::less<>, outer_heap<bytes>> known_;
};

template <class P>
class recorder {
 public:
  /// A call begins; the result identifies it for `end`.
  std::size_t begin(spec::op o, std::uint8_t value = 0) {
    if (size_ == records_.size()) P::fail(kind::assertion, "too many calls in one scenario");
    records_[size_] = {{o, spec::response::ok, value}, P::moment(), {}};
    return size_++;
  }
  void end(std::size_t call, spec::response r, std::uint8_t value = 0) {
    records_[call].call.response = r;
    if (value != 0) records_[call].call.value = value;
    records_[call].responded = P::moment();
  }

  /// When all calls have returned: whether one order explains them, from a channel as given.
  void check(const spec::state& start, known_histories& known) const {
    const spec::history h = history();
    auto key = known_histories::key(h, start);
    if (known.contains(key)) {
      if (P::recording()) print(h);
      return;
    }
    spec::linearizer oracle(h);
    if (oracle.explain(start)) {
      known.add(std::move(key));
      if (P::recording()) print(h);
      return;
    }
    print(h);
    P::fail(kind::order,
            "no sequential order of the specification extends happens-before and "
            "explains: " +
                summary());
  }

 private:
  struct record {
    spec::call call;
    moment invoked;
    moment responded;
  };

  [[nodiscard]] spec::history history() const {
    spec::history h;
    h.size = size_;
    for (std::size_t i = 0; i < size_; ++i) {
      h.calls[i] = records_[i].call;
      for (std::size_t j = 0; j < size_; ++j) {
        if (i != j && records_[i].invoked.after(records_[j].responded))
          h.before[i] |= std::uint32_t{1} << j;
      }
    }
    return h;
  }

  static std::string thread_name(unsigned t) {
    return t == moment::outside ? "outside" : "thread " + std::to_string(t);
  }

  void print(const spec::history& h) const {
    P::note("calls in the order of invocation; \"after\" lists those that happen before");
    for (std::size_t i = 0; i < size_; ++i) {
      std::string line = '#' + std::to_string(i + 1) + "  " +
                         thread_name(records_[i].invoked.thread) + "  " + text(h.calls[i]);
      std::string after;
      for (std::size_t j = 0; j < size_; ++j) {
        if ((h.before[i] >> j & 1U) != 0) after += " #" + std::to_string(j + 1);
      }
      if (!after.empty()) line += "   after" + after;
      P::note(line);
    }
  }

  [[nodiscard]] std::string summary() const {
    std::string s;
    for (std::size_t i = 0; i < size_; ++i) {
      if (i != 0) s += "; ";
      s += thread_name(records_[i].invoked.thread) + ": " + text(records_[i].call);
    }
    return s;
  }

  std::array<record, spec::history::most> records_{};
  std::size_t size_ = 0;
};

}  // namespace runnel::check
