// SPDX-License-Identifier: MIT
//
// The history of an execution: each call on the channel with its response, and with the moments of
// invocation and response, from which happens-before between calls follows. The history is judged
// by the executable specification.
#pragma once

#include "check.hpp"

#include <spec/channel_spec.hpp>
#include <spec/history_text.hpp>
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
    k.reserve((3 + h.size * 3) * sizeof(std::uint32_t));
    put(k, s.capacity ? static_cast<std::uint32_t>(*s.capacity + 1) : std::uint32_t{0});
    put(k, s.senders);
    put(k, s.receivers);
    for (std::size_t i = 0; i < h.size; ++i) {
      put(k, static_cast<std::uint32_t>(h.calls[i].op) << 16 |
                 static_cast<std::uint32_t>(h.calls[i].response) << 8 | h.calls[i].value);
      put(k, static_cast<std::uint32_t>(h.before[i].words()[0]));
    }
    return k;
  }
  [[nodiscard]] bool contains(const bytes& key) const { return known_.contains(key); }
  void add(bytes key) { known_.insert(std::move(key)); }

 private:
  template <class T>
  static void put(bytes& k, const T& x) {
    k.append(reinterpret_cast<const char*>(&x), sizeof x);
  }
  std::set<bytes, std::less<>, outer_heap<bytes>> known_;
};

/// What the calls of executions have returned: of each execution the calls of each thread in turn.
class seen_results {
 public:
  /// Four bytes for each call: thread, operation, response, value.
  using calls = std::basic_string<char, std::char_traits<char>, outer_heap<char>>;

  /// Where those of the search that goes on are added; null: nowhere.
  static seen_results*& current() {
    static seen_results* all = nullptr;
    return all;
  }
  void add(calls c) { all_.insert(std::move(c)); }
  [[nodiscard]] const auto& all() const { return all_; }

 private:
  std::set<calls, std::less<>, outer_heap<calls>> all_;
};

/// Numbers the calls of a history, and their invocations and responses in an order that extends
/// happens-before. This one is for models, whose threads take turns.
template <class P>
class timeline {
 public:
  struct point {
    check::moment moment;
    std::uint64_t position = spec::never;
  };

  std::size_t next_call() { return calls_++; }
  [[nodiscard]] std::size_t calls() const { return calls_; }
  point invoked() { return {P::moment(), positions_++}; }
  point responded() { return {P::moment(), positions_++}; }

 private:
  std::size_t calls_ = 0;
  std::uint64_t positions_ = 0;
};

template <class P>
class recorder {
 public:
  /// A call begins; the result identifies it for `end`.
  std::size_t begin(spec::op o, std::uint8_t value = 0) {
    const std::size_t call = time_.next_call();
    if (call >= records_.size()) P::fail(kind::assertion, "too many calls in one scenario");
    enters<P>(spec::text(o));
    records_[call] = {{o, spec::response::ok, value}, time_.invoked(), {}};
    if (P::recording()) P::note("calls " + spec::invocation_text(records_[call].call));
    return call;
  }
  void end(std::size_t call, spec::response r, std::uint8_t value = 0) {
    records_[call].responded = time_.responded();
    leaves<P>();
    records_[call].call.response = r;
    if (value != 0) records_[call].call.value = value;
    if (P::recording()) P::note("returns: " + spec::response_text(records_[call].call));
  }

  /// The call is a case of a select that prefers it and did another: it was seen to be impossible, as a
  /// try sees it.
  void end_as_impossible(std::size_t call) {
    const spec::call seen = spec::as_impossible(records_[call].call);
    records_[call].call.op = seen.op;
    end(call, seen.response);
  }

  /// The call ended with an exception: as if it had not been made.
  void withdraw(std::size_t call) {
    (void)time_.responded();
    leaves<P>();
    records_[call].withdrawn = true;
  }

  /// When all calls have returned: whether one order explains them, from a channel as given.
  void check(const spec::state& start, known_histories& known) const {
    if (seen_results::current() != nullptr) seen_results::current()->add(results());
    const spec::history h = history();
    auto key = known_histories::key(h, start);
    if (known.contains(key)) {
      if (P::recording()) print(recorded(h, start), {});
      return;
    }
    switch (judge(h, start)) {
      case spec::verdict::explained:
        known.add(std::move(key));
        if (P::recording()) print(recorded(h, start), {});
        return;
      case spec::verdict::undecided:
        P::fail(kind::assertion, "the oracle came to no verdict");
        return;
      case spec::verdict::unexplained: fail(recorded(h, start));
    }
  }

 private:
  struct record {
    spec::call call;
    typename timeline<P>::point invoked;
    typename timeline<P>::point responded;
    bool withdrawn = false;
  };

  /// What the oracle remembers is not memory of the execution.
  static spec::verdict judge(const spec::history& h, const spec::state& start) {
    return spec::linearizer<outer_heap<char>>(h, start).explain();
  }

  /// The records of the calls that count, in the order of their beginnings.
  [[nodiscard]] std::array<const record*, spec::history::most> counted() const {
    std::array<const record*, spec::history::most> calls{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < time_.calls(); ++i) {
      if (!records_[i].withdrawn) calls[n++] = &records_[i];
    }
    return calls;
  }

  [[nodiscard]] seen_results::calls results() const {
    seen_results::calls all;
    const auto calls = counted();
    for (unsigned t = 0; t <= moment::outside; ++t) {
      for (std::size_t i = 0; i < calls.size() && calls[i] != nullptr; ++i) {
        const spec::call& c = calls[i]->call;
        if (calls[i]->invoked.moment.thread != t) continue;
        for (const unsigned part :
             {t, static_cast<unsigned>(c.op), static_cast<unsigned>(c.response), unsigned{c.value}})
          all.push_back(static_cast<char>(part));
      }
    }
    return all;
  }

  [[nodiscard]] spec::history history() const {
    spec::history h;
    const auto calls = counted();
    while (h.size < calls.size() && calls[h.size] != nullptr) ++h.size;
    for (std::size_t i = 0; i < h.size; ++i) {
      h.calls[i] = calls[i]->call;
      for (std::size_t j = 0; j < h.size; ++j) {
        if (i != j && calls[i]->invoked.moment.after(calls[j]->responded.moment))
          h.before[i].set(j);
      }
    }
    return h;
  }

  static std::string thread_name(unsigned t) {
    return t == moment::outside ? "outside" : "thread " + std::to_string(t);
  }

  /// The same history with the order in which the calls were executed, for readers.
  [[nodiscard]] spec::recorded_history recorded(const spec::history& h,
                                                const spec::state& start) const {
    spec::recorded_history r{start.capacity, start.senders, start.receivers, {}, {}};
    auto& predecessors = r.predecessors.emplace(h.size);
    const auto calls = counted();
    for (std::size_t i = 0; i < h.size; ++i) {
      const record& x = *calls[i];
      r.calls.push_back({x.invoked.moment.thread,
                         {x.call.op, x.call.response, x.call.value},
                         x.invoked.position,
                         x.responded.position});
      h.before[i].for_each([&](std::size_t j) { predecessors[i].push_back(j); });
    }
    return r;
  }

  static void print(const spec::recorded_history& h, const spec::judgement& j) {
    remark<P>("the calls in the order of execution");
    for (const std::string& line : spec::history_table(h, j, thread_name).lines()) remark<P>(line);
  }

  static void fail(const spec::recorded_history& h) {
    const spec::judgement j = spec::judge(h);
    print(h, j);
    const spec::recorded_call& c = h.calls[j.culprit];
    P::fail(kind::order,
            "no sequential order of the specification extends happens-before and explains '" +
                spec::text(c.call) + "' of " + thread_name(c.thread));
  }

  std::array<record, spec::history::most> records_{};
  timeline<P> time_;
};

}  // namespace runnel::check
