// SPDX-License-Identifier: MIT
//
// Without a channel: a ring for one sender and one receiver, and a round trip through
// one cache line. Both spin, and neither knows of disconnection. No limit: a channel may do better, where its
// sides wait for each other less often.
#include "shared_end.hpp"
#include "workloads.hpp"

#include <bit>

namespace {

/// Yields only after a time that two running threads never need.
template <class Condition>
void spin_until(Condition condition) {
  for (unsigned polls = 0; !condition(); ++polls) {
    if (polls > 100'000) std::this_thread::yield();
  }
}

/// Each side keeps what it last saw of the other side's index.
template <class T>
class spinning_ring {
 public:
  explicit spinning_ring(std::optional<std::size_t> capacity) : slots_(capacity.value()) {}

  void push(T value) {
    const auto tail = tail_.load(std::memory_order::relaxed);
    if (tail - head_seen_ == slots_.size()) {
      spin_until([&] {
        head_seen_ = head_.load(std::memory_order::acquire);
        return tail - head_seen_ != slots_.size();
      });
    }
    slots_[tail & (slots_.size() - 1)] = std::move(value);
    tail_.store(tail + 1, std::memory_order::release);
  }

  T pop() {
    const auto head = head_.load(std::memory_order::relaxed);
    if (head == tail_seen_) {
      spin_until([&] {
        tail_seen_ = tail_.load(std::memory_order::acquire);
        return head != tail_seen_;
      });
    }
    T value = std::move(slots_[head & (slots_.size() - 1)]);
    head_.store(head + 1, std::memory_order::release);
    return value;
  }

 private:
  std::vector<T> slots_;
  alignas(64) std::atomic<std::size_t> tail_ = 0;
  std::size_t head_seen_ = 0;
  alignas(64) std::atomic<std::size_t> head_ = 0;
  std::size_t tail_seen_ = 0;
};

struct bare_peer {
  static bool supports(const bench::options& o) {
    return o.workload == "spsc" && o.capacity && std::has_single_bit(*o.capacity);
  }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return bench::make_shared_ends<T, spinning_ring<T>>(capacity);
  }
};

/// One side makes the word odd, the other even.
int round_trips(const bench::options& o) {
  alignas(64) std::atomic<std::uint64_t> word = 0;
  bench::crew threads(2);
  const auto play = [&word, n = 2 * o.messages](std::uint64_t mine) {
    for (auto v = mine; v < n; v += 2) {
      spin_until([&] { return word.load(std::memory_order::acquire) == v; });
      word.store(v + 1, std::memory_order::release);
    }
  };
  threads.sends([play] { play(0); });
  threads.receives([play] { play(1); });
  bench::print_throughput(threads.finish(), o.messages);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto o = bench::parse(argc, argv);
  return o.workload == "pingpong" ? round_trips(o) : bench::drive<bare_peer>(o);
}
