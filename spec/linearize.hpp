// SPDX-License-Identifier: MIT
//
// The linearizability checker: is there one sequential order of the executable specification that
// extends happens-before and explains every response? (J. Wing and C. Gong, "Testing and Verifying
// Concurrent Objects", 1993, with the memoisation of G. Lowe, "Testing for Linearizability", 2017;
// set-linearizable for the rendezvous.)
//
// Two things keep the search small, both without changing its answer (linearizability.md gives the
// arguments): orders that any explanation must have are derived first, and a call that may as well
// come next is taken without looking for alternatives.
//
// The only memory besides the object itself is the set of configurations that were found to fail,
// obtained from `Allocator`.
#pragma once

#include "channel_spec.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace runnel::spec {

/// A set of calls of one history, by their numbers.
template <std::size_t Most>
class call_set {
 public:
  static constexpr std::size_t none_left = ~std::size_t{0};

  constexpr void set(std::size_t i) { words_[i / 64] |= bit(i); }
  [[nodiscard]] constexpr bool test(std::size_t i) const { return (words_[i / 64] & bit(i)) != 0; }
  [[nodiscard]] constexpr bool none() const { return first() == none_left; }
  [[nodiscard]] constexpr std::size_t first() const {
    for (std::size_t w = 0; w < size; ++w) {
      if (words_[w] != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(words_[w]));
    }
    return none_left;
  }
  /// Whether all of `other` is in this set.
  [[nodiscard]] constexpr bool includes(const call_set& other) const {
    for (std::size_t w = 0; w < size; ++w) {
      if ((other.words_[w] & ~words_[w]) != 0) return false;
    }
    return true;
  }
  constexpr call_set& operator|=(const call_set& other) {
    for (std::size_t w = 0; w < size; ++w) words_[w] |= other.words_[w];
    return *this;
  }
  constexpr call_set& operator&=(const call_set& other) {
    for (std::size_t w = 0; w < size; ++w) words_[w] &= other.words_[w];
    return *this;
  }
  constexpr call_set& operator-=(const call_set& other) {
    for (std::size_t w = 0; w < size; ++w) words_[w] &= ~other.words_[w];
    return *this;
  }
  friend constexpr call_set operator-(call_set a, const call_set& b) { return a -= b; }
  friend constexpr call_set operator&(call_set a, const call_set& b) { return a &= b; }
  friend constexpr call_set operator|(call_set a, const call_set& b) { return a |= b; }
  friend constexpr bool operator==(const call_set&, const call_set&) = default;

  template <class F>
  constexpr void for_each(F f) const {
    for (std::size_t w = 0; w < size; ++w) {
      for (std::uint64_t left = words_[w]; left != 0; left &= left - 1)
        f(w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
  [[nodiscard]] constexpr const auto& words() const { return words_; }

 private:
  static constexpr std::size_t size = (Most + 63) / 64;
  static constexpr std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << (i % 64); }
  std::array<std::uint64_t, size> words_{};
};

/// Calls with a strict partial order between them. A pending call has no response: it may have taken
/// effect or not.
template <std::size_t Most, class Value>
struct basic_history {
  static constexpr std::size_t most = Most;
  using call_type = basic_call<Value>;

  std::array<call_type, Most> calls{};
  std::array<call_set<Most>, Most> before{};  ///< before[i]: the calls that happen-before call i
  call_set<Most> pending;
  std::size_t size = 0;
};

using history = basic_history<32, std::uint8_t>;  ///< what models use

enum class verdict : std::uint8_t {
  explained,
  unexplained,
  undecided,  ///< a limit was hit: neither of the two
};

/// What is known of a history before any search: which receive takes what which send sent, and the
/// order that every explanation has.
template <std::size_t Most, class Value>
class derived_order {
 public:
  using set = call_set<Most>;
  static constexpr std::size_t nobody = set::none_left;

  derived_order(const basic_history<Most, Value>& h, std::optional<std::size_t> capacity)
      : history_(h), capacity_(capacity) {
    classify();
    for (std::size_t i = 0; i < h.size; ++i) before_[i] = h.before[i];
    close();
    match();
    if (distinct_ && !contradiction_ && capacity_ != std::size_t{0}) derive();
  }

  /// Whether the history contradicts itself: nothing explains it.
  [[nodiscard]] bool contradiction() const { return contradiction_; }
  [[nodiscard]] const set& before(std::size_t i) const { return before_[i]; }
  [[nodiscard]] const set& after(std::size_t i) const { return after_[i]; }
  /// The other call of the same message; `nobody` if there is none or if it is not known.
  [[nodiscard]] std::size_t partner(std::size_t i) const { return partner_[i]; }
  /// Whether no value is sent twice.
  [[nodiscard]] bool distinct() const { return distinct_; }

  // Calls that may succeed (pending ones included), and calls that see an extreme state.
  [[nodiscard]] const set& sends() const { return sends_; }
  [[nodiscard]] const set& receives() const { return receives_; }
  [[nodiscard]] const set& see_empty() const { return see_empty_; }
  [[nodiscard]] const set& see_full() const { return see_full_; }
  [[nodiscard]] const set& needs_sender() const { return needs_sender_; }
  [[nodiscard]] const set& needs_receiver() const { return needs_receiver_; }
  /// Calls that have to come before a close.
  [[nodiscard]] const set& needs_open() const { return needs_open_; }
  /// The sends of messages that no receive has returned; none unless `distinct`.
  [[nodiscard]] const set& left_over() const { return left_over_; }
  /// The calls that have taken effect for certain.
  [[nodiscard]] const set& certain() const { return certain_; }

  /// Whether in any explanation in which the sends i and j are still to come, j before i, they can
  /// change places, and with them the receives of their messages.
  [[nodiscard]] bool may_replace(std::size_t i, std::size_t j) const {
    return dominated_[j].test(i);
  }

 private:
  void classify() {
    for (std::size_t i = 0; i < history_.size; ++i) {
      const auto& c = history_.calls[i];
      const bool pending = history_.pending.test(i);
      const bool ok = pending || c.response == response::ok;
      if (!pending) certain_.set(i);
      if (is_send(c.op) && ok) sends_.set(i);
      if (is_send(c.op) && !ok && c.response != response::disconnected) see_full_.set(i);
      if (is_recv(c.op)) (ok ? receives_ : see_empty_).set(i);
      if (c.op == op::clone_sender) needs_sender_.set(i);
      if (c.op == op::clone_receiver) needs_receiver_.set(i);
      if (c.op == op::drop_receiver) discards_ = true;
      if (c.op == op::close) needs_receiver_.set(i);
      if (awaits_close(c.op) && c.response != response::ok) needs_open_.set(i);
      if (pending && is_recv(c.op)) pending_receive_ = true;
    }
    needs_sender_ |= see_empty_;
    needs_open_ |= sends_ | see_full_ | see_empty_;
    needs_receiver_ |= sends_ | receives_ | see_full_ | needs_open_;
    if (capacity_ == std::size_t{0}) needs_sender_ |= sends_ | receives_;
  }

  void close() {
    for (std::size_t k = 0; k < history_.size; ++k) {
      for (std::size_t i = 0; i < history_.size; ++i) {
        if (before_[i].test(k)) before_[i] |= before_[k];
      }
    }
    for (std::size_t i = 0; i < history_.size; ++i) {
      if (before_[i].test(i)) contradiction_ = true;
      before_[i].for_each([&](std::size_t j) { after_[j].set(i); });
    }
  }

  /// Finds the partners. What is received was sent, and not received before.
  void match() {
    partner_.fill(nobody);
    sends_.for_each([&](std::size_t i) {
      sends_.for_each([&](std::size_t j) {
        if (i < j && history_.calls[i].value == history_.calls[j].value) distinct_ = false;
      });
    });
    if (!distinct_) return;
    (receives_ - history_.pending).for_each([&](std::size_t r) {
      const std::size_t s = sender_of(history_.calls[r].value);
      if (s == nobody || partner_[s] != nobody) {
        contradiction_ = true;
        return;
      }
      partner_[s] = r;
      partner_[r] = s;
      certain_.set(s);
    });
    sends_.for_each([&](std::size_t s) {
      if (partner_[s] == nobody) left_over_.set(s);
    });
  }
  [[nodiscard]] std::size_t sender_of(Value value) const {
    std::size_t found = nobody;
    sends_.for_each([&](std::size_t s) {
      if (history_.calls[s].value == value) found = s;
    });
    return found;
  }

  /// Adds "i comes before j", and what follows by transitivity.
  void add(std::size_t i, std::size_t j) {
    if (before_[j].test(i)) return;
    changed_ = true;
    if (i == j || before_[i].test(j)) {
      contradiction_ = true;
      return;
    }
    set early = before_[i];
    early.set(i);
    set late = after_[j];
    late.set(j);
    late.for_each([&](std::size_t k) { before_[k] |= early; });
    early.for_each([&](std::size_t k) { after_[k] |= late; });
  }

  void derive() {
    find_dominated();
    for (changed_ = true; changed_ && !contradiction_;) {
      changed_ = false;
      sends_.for_each([&](std::size_t s) {
        if (contradiction_) return;
        if (partner_[s] != nobody) {
          derive_received(s);
        } else if (!pending_receive_ && !history_.pending.test(s)) {
          derive_left(s);
        }
      });
    }
  }
  /// A message that is received: first in, first out; whoever sees the channel empty comes before it
  /// is sent or after it is received.
  void derive_received(std::size_t s) {
    const std::size_t r = partner_[s];
    add(s, r);
    sends_.for_each([&](std::size_t other) {
      if (other == s || partner_[other] == nobody) return;
      if (before_[other].test(s)) add(r, partner_[other]);
      if (before_[partner_[other]].test(r)) add(s, other);
    });
    (see_empty_ & after_[s]).for_each([&](std::size_t e) { add(r, e); });
    (see_empty_ & before_[r]).for_each([&](std::size_t e) { add(e, s); });
  }
  /// A message that nobody can have received comes after all those that are, and after whoever sees
  /// the channel empty unless the last receiver can have destroyed it.
  void derive_left(std::size_t s) {
    sends_.for_each([&](std::size_t other) {
      if (partner_[other] != nobody) add(other, s);
    });
    if (!discards_) see_empty_.for_each([&](std::size_t e) { add(e, s); });
  }

  void find_dominated() {
    sends_.for_each([&](std::size_t i) {
      sends_.for_each([&](std::size_t j) {
        if (i == j || !interchangeable(i, j) || (i > j && interchangeable(j, i))) return;
        dominated_[j].set(i);
      });
    });
  }
  [[nodiscard]] bool interchangeable(std::size_t i, std::size_t j) const {
    if (!certain_.test(i) || !certain_.test(j) || !after_[i].includes(after_[j])) return false;
    if (left_over_.test(i) || left_over_.test(j)) return left_over_.test(i) && left_over_.test(j);
    return before_[partner_[j]].includes(before_[partner_[i]]) &&
           after_[partner_[i]].includes(after_[partner_[j]]);
  }

  const basic_history<Most, Value>& history_;
  const std::optional<std::size_t> capacity_;
  std::array<set, Most> before_{};
  std::array<set, Most> after_{};
  std::array<set, Most> dominated_{};
  std::array<std::size_t, Most> partner_{};
  set sends_, receives_, see_empty_, see_full_, needs_sender_, needs_receiver_, needs_open_,
      certain_, left_over_;
  bool distinct_ = true;
  bool discards_ = false;
  bool pending_receive_ = false;
  bool contradiction_ = false;
  bool changed_ = false;
};

/// The search for an explanation of a history, from a channel without messages. Of the history it is
/// required that a pending call happens-before nothing.
template <std::size_t Most, class Value, std::size_t Buffered,
          class Allocator = std::allocator<char>>
class basic_linearizer {
 public:
  using history_type = basic_history<Most, Value>;
  using state_type = basic_state<Buffered, Value>;
  static constexpr std::size_t default_limit = 1'000'000;

  basic_linearizer(const history_type& h, const state_type& start,
                   std::size_t limit = default_limit)
      : history_(h), start_(start), derived_(h, start.capacity), left_(limit) {
    for (std::size_t i = 0; i < h.size; ++i) {
      calls_[i] = h.calls[i];
      if (h.pending.test(i)) calls_[i].response = response::ok;
      // Which of the messages that nobody received is where in the buffer makes no difference.
      if (derived_.left_over().test(i))
        calls_[i].value = h.calls[derived_.left_over().first()].value;
      conflicts_[i] = conflicts(i) - derived_.after(i);
      add_to_chain(i);
    }
  }

  spec::verdict explain() {
    if (derived_.contradiction()) return verdict::unexplained;
    if (!fits()) return verdict::undecided;
    if (extend(start_, {})) return verdict::explained;
    return left_ == 0 ? verdict::undecided : verdict::unexplained;
  }

 private:
  using set = call_set<Most>;
  using call_type = basic_call<Value>;
  static constexpr std::size_t nobody = set::none_left;
  /// Calls that can come next.
  struct heads {
    std::array<std::uint16_t, Most> calls;
    std::size_t size = 0;
  };

  /// Whether the calls that are not in `done` can be appended to those that are.
  bool extend(state_type s, set done) {
    while (take_what_is_free(s, done)) {
    }
    if (done.includes(derived_.certain())) return true;
    const bytes here = key(s, done);
    if (left_ == 0 || failed_.contains(here)) return false;
    --left_;
    heads next = ready(done);
    for (std::size_t n = 0; n < next.size; ++n) {
      const std::size_t i = next.calls[n];
      if (start_.capacity == std::size_t{0} && is_message(i) ? extend_by_pair(s, done, i, next)
                                                             : extend_by(s, done, i, next))
        return true;
    }
    failed_.insert(here);
    return false;
  }

  bool extend_by(state_type s, set done, std::size_t i, const heads& next) {
    call_type c = calls_[i];
    if (is_send(c.op) && replaceable(i, next)) return false;
    if (!derived_.certain().test(i)) {
      if (is_send(c.op) && derived_.distinct() && (derived_.see_full() - done).none()) return false;
      if (is_recv(c.op)) {
        if (s.size == 0 || is_awaited(s.buffer[0])) return false;
        c.value = s.buffer[0];
      }
    }
    if (!step(s, c)) return false;
    done.set(i);
    return extend(s, done);
  }
  /// A hand-off from send i; two pending calls explain nothing.
  bool extend_by_pair(const state_type& s, set done, std::size_t i, const heads& next) {
    if (!is_send(calls_[i].op)) return false;
    done.set(i);
    for (std::size_t n = 0; n < next.size; ++n) {
      const std::size_t j = next.calls[n];
      call_type received = calls_[j];
      if (history_.pending.test(j)) received.value = calls_[i].value;
      if (history_.pending.test(i) && history_.pending.test(j)) continue;
      if (!joint(s, calls_[i], received)) continue;
      set both = done;
      both.set(j);
      if (extend(s, both)) return true;
    }
    return false;
  }
  [[nodiscard]] bool replaceable(std::size_t i, const heads& next) const {
    for (std::size_t n = 0; n < next.size; ++n) {
      if (derived_.may_replace(next.calls[n], i)) return true;
    }
    return false;
  }
  /// Whether a receive that has returned took this value.
  [[nodiscard]] bool is_awaited(Value value) const {
    bool found = false;
    if (!derived_.distinct()) return false;
    (derived_.receives() - history_.pending).for_each([&](std::size_t r) {
      if (calls_[r].value == value) found = true;
    });
    return found;
  }

  /// Takes a call that may as well come next, if there is one: see linearizability.md.
  bool take_what_is_free(state_type& s, set& done) const {
    const heads next = ready(done);
    for (std::size_t n = 0; n < next.size; ++n) {
      const std::size_t i = next.calls[n];
      if (!derived_.certain().test(i) || !(conflicts_[i] - done).none()) continue;
      if (start_.capacity == std::size_t{0} && is_message(i)) {
        const std::size_t j = derived_.partner(i);
        if (!is_send(calls_[i].op) || j == nobody || !done.includes(derived_.before(j))) continue;
        if (!joint(s, calls_[i], calls_[j])) continue;
        done.set(j);
      } else if (state_type after = s; step(after, calls_[i])) {
        s = after;
      } else {
        continue;
      }
      done.set(i);
      return true;
    }
    return false;
  }
  /// The calls that, while they are still to come, can make it matter when call i comes.
  [[nodiscard]] set conflicts(std::size_t i) const {
    set found;
    if (is_message(i)) {
      if (start_.capacity == std::size_t{0}) return found;
      found = derived_.see_full();
      if (is_send(calls_[i].op)) {
        const bool alike = !start_.capacity && derived_.left_over().test(i);
        found |= derived_.see_empty() | derived_.sends();
        if (alike) found -= derived_.left_over();
      }
      if (is_recv(calls_[i].op) && !derived_.distinct()) found |= derived_.receives();
    }
    if (calls_[i].op == op::drop_sender) found = derived_.needs_sender();
    if (calls_[i].op == op::drop_receiver) found = derived_.needs_receiver();
    if (calls_[i].op == op::close) found = derived_.needs_open();
    set itself;
    itself.set(i);
    return found - itself;
  }
  /// Whether call i passes a message on.
  [[nodiscard]] bool is_message(std::size_t i) const {
    return derived_.sends().test(i) || derived_.receives().test(i);
  }

  // Chains of calls each of which comes before the next one: what can come next is among the first
  // ones that are left.
  void add_to_chain(std::size_t i) {
    std::size_t c = 0;
    while (c < chains_ && !derived_.before(i).test(last_[c])) ++c;
    if (c == chains_) ++chains_;
    chain_[c].set(i);
    last_[c] = i;
  }
  /// Sends are in the order of the receives of their messages.
  [[nodiscard]] heads ready(const set& done) const {
    heads found;
    for (std::size_t c = 0; c < chains_; ++c) {
      const std::size_t i = (chain_[c] - done).first();
      if (i == nobody || !done.includes(derived_.before(i))) continue;
      std::size_t n = found.size++;
      for (; n > 0 && rank(i) < rank(found.calls[n - 1]); --n) found.calls[n] = found.calls[n - 1];
      found.calls[n] = static_cast<std::uint16_t>(i);
    }
    return found;
  }
  [[nodiscard]] std::size_t rank(std::size_t i) const {
    return is_send(calls_[i].op) ? derived_.partner(i) : i;
  }

  /// Whether the buffer of the specification is large enough for any order.
  [[nodiscard]] bool fits() const {
    std::size_t sends = 0;
    derived_.sends().for_each([&](std::size_t) { ++sends; });
    return sends <= Buffered || (start_.capacity && *start_.capacity <= Buffered);
  }

  // Which configuration it is: the handle counts follow from `done`.
  using bytes = std::basic_string<char, std::char_traits<char>, Allocator>;
  bytes key(const state_type& s, const set& done) const {
    bytes k;
    const auto put = [&k](const auto& x, std::size_t size) {
      k.append(reinterpret_cast<const char*>(&x), size);
    };
    put(done.words(), (history_.size + 63) / 64 * sizeof(std::uint64_t));
    put(s.buffer, s.size * sizeof(Value));
    return k;
  }
  struct hash {
    std::size_t operator()(const bytes& k) const { return std::hash<std::string_view>{}(k); }
  };
  using bytes_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<bytes>;

  const history_type& history_;
  const state_type start_;
  const derived_order<Most, Value> derived_;
  std::array<call_type, Most> calls_{};  // a pending call as it is if it has taken effect
  std::array<set, Most> conflicts_{};
  std::array<set, Most> chain_{};
  std::array<std::size_t, Most> last_{};
  std::size_t chains_ = 0;
  std::size_t left_;  // configurations that may still be looked at
  std::unordered_set<bytes, hash, std::equal_to<>, bytes_allocator> failed_;
};

template <class Allocator = std::allocator<char>>
using linearizer = basic_linearizer<32, std::uint8_t, state::most, Allocator>;  ///< in models

}  // namespace runnel::spec
