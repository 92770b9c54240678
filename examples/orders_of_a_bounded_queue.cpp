// SPDX-License-Identifier: MIT
//
// Which memory orders a bounded queue needs: each is made weaker, and the check has to fail. The queue is the
// one of Dmitry Vyukov: a slot has a turn, which says whose it is, and two positions are claimed.
#include <runnel/model/check_orders.hpp>

#include <array>
#include <cstddef>

namespace {

using std::memory_order;

class bounded_queue {
  struct slot {
    runnel::model::atomic<std::size_t> turn{0, "turn"};
    runnel::model::var<int> value{0, "value"};
  };

 public:
  bounded_queue() {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      slots_[i].turn.store(i, memory_order::relaxed, {"queue.begin"});
  }

  bool try_push(int value) {
    std::size_t position = tail_.load(memory_order::relaxed, {"push.look"});
    for (;;) {
      slot& s = slots_[position % slots_.size()];
      const std::size_t turn = s.turn.load(memory_order::acquire, {"push.see_room"});
      if (turn != position) return false;
      if (!tail_.compare_exchange_weak(position, position + 1, memory_order::relaxed,
                                       memory_order::relaxed, {"push.claim"}))
        continue;
      s.value = value;
      s.turn.store(position + 1, memory_order::release, {"push.publish"});
      return true;
    }
  }

  /// 0 if the queue is empty.
  int try_pop() {
    std::size_t position = head_.load(memory_order::relaxed, {"pop.look"});
    for (;;) {
      slot& s = slots_[position % slots_.size()];
      const std::size_t turn = s.turn.load(memory_order::acquire, {"pop.see_value"});
      if (turn != position + 1) return 0;
      if (!head_.compare_exchange_weak(position, position + 1, memory_order::relaxed,
                                       memory_order::relaxed, {"pop.claim"}))
        continue;
      const int value = s.value;
      s.turn.store(position + slots_.size(), memory_order::release, {"pop.make_room"});
      return value;
    }
  }

 private:
  std::array<slot, 2> slots_;
  runnel::model::atomic<std::size_t> tail_{0, "tail"};
  runnel::model::atomic<std::size_t> head_{0, "head"};
};

/// One push uses a slot again.
struct three_pushes_and_two_pops {
  bounded_queue queue;

  void push(int value) { queue.try_push(value); }
  void pop() {
    const int value = queue.try_pop();
    runnel::model::require(0 <= value && value <= 3, "the value is not one that was pushed");
  }
};

}  // namespace

int main(int argc, char** argv) {
  using state = three_pushes_and_two_pops;
  return runnel::model::check_orders<state>(
      "a queue", argc, argv,
      [](state& s) {
        s.push(1);
        s.push(2);
        s.push(3);
      },
      [](state& s) { s.pop(); }, [](state& s) { s.pop(); });
}
