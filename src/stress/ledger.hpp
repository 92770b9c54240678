// SPDX-License-Identifier: MIT
//
// Messages that know who sent them, and the books that each thread keeps of what became of them.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

namespace runnel::stress {

/// The output function of SplitMix64: different numbers have unrelated images.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// SplitMix64: small and fast, since it runs between any two operations.
class random_numbers {
 public:
  explicit random_numbers(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t next() noexcept { return mixed(state_ += 0x9e3779b97f4a7c15); }
  /// 0 to n - 1.
  std::uint64_t below(std::uint64_t n) noexcept { return next() % n; }

 private:
  std::uint64_t state_;
};

/// A checksum of a set of messages, in any order.
struct tally {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  std::uint64_t hash = 0;

  void add(std::uint64_t identity) noexcept {
    ++count;
    sum += identity;
    hash += mixed(identity);
  }
  tally& operator+=(const tally& other) noexcept {
    count += other.count;
    sum += other.sum;
    hash += other.hash;
    return *this;
  }
  bool operator==(const tally&) const = default;
};

/// What one thread has seen of the messages of one channel.
struct ledger {
  tally sent{};
  tally received{};
  tally destroyed{};  ///< with the channel, when its last receiver went
  tally lost{};       ///< destroyed at any other time
  std::uint64_t handed_back = 0;
  std::uint64_t disconnects = 0;  ///< results that said so
  std::uint64_t left_early = 0;   ///< receivers dropped before they saw that all senders had gone
  std::uint64_t destroyers = 0;   ///< receivers whose drop destroyed messages
  std::int64_t objects = 0;       ///< constructed less destroyed
  bool drops_receiver = false;

  void operator+=(const ledger& other) noexcept {
    sent += other.sent;
    received += other.received;
    destroyed += other.destroyed;
    lost += other.lost;
    handed_back += other.handed_back;
    disconnects += other.disconnects;
    left_early += other.left_early;
    destroyers += other.destroyers;
    objects += other.objects;
  }
};

/// Of the thread that runs. Only threads that have one may have messages.
inline thread_local ledger* own_ledger = nullptr;

/// A message with the number of its sender and its own, both from 1 on. One that is destroyed while
/// it has them, in no receiver's drop, is lost. Some have memory of their own, which a copy made by
/// mistake would free twice; all have a check that depends on the whole of them.
class message {
 public:
  message(std::uint32_t sender, std::uint64_t number)
      : identity_(std::uint64_t{sender} << number_bits | number),
        check_(mixed(identity_)),
        boxed_check_(number % 8 == 0 ? std::make_unique<std::uint64_t>(check_) : nullptr) {
    ++own_ledger->objects;
  }
  message(const message& other)
      : identity_(other.identity_),
        check_(other.check_),
        boxed_check_(other.boxed_check_ ? std::make_unique<std::uint64_t>(*other.boxed_check_)
                                        : nullptr) {
    ++own_ledger->objects;
  }
  message(message&& other) noexcept
      : identity_(std::exchange(other.identity_, 0)),
        check_(other.check_),
        boxed_check_(std::move(other.boxed_check_)) {
    ++own_ledger->objects;
  }
  message& operator=(const message&) = delete;
  message& operator=(message&&) = delete;
  ~message() {
    --own_ledger->objects;
    if (identity_ == 0) return;
    (own_ledger->drops_receiver ? own_ledger->destroyed : own_ledger->lost).add(identity_);
  }

  /// 0 if it was moved from.
  [[nodiscard]] std::uint64_t identity() const noexcept { return identity_; }
  [[nodiscard]] std::uint64_t sender() const noexcept { return identity_ >> number_bits; }
  [[nodiscard]] std::uint64_t number() const noexcept {
    return identity_ & ((std::uint64_t{1} << number_bits) - 1);
  }
  [[nodiscard]] bool is_sound() const noexcept {
    return identity_ != 0 && check_ == mixed(identity_) &&
           (number() % 8 == 0) == (boxed_check_ != nullptr) &&
           (boxed_check_ == nullptr || *boxed_check_ == check_);
  }
  /// It has come where it had to: from now on its end does not matter.
  void settle() noexcept { identity_ = 0; }

 private:
  static constexpr unsigned number_bits = 40;
  std::uint64_t identity_;
  std::uint64_t check_;
  std::unique_ptr<std::uint64_t> boxed_check_;
};

}  // namespace runnel::stress
