// SPDX-License-Identifier: MIT
//
// Which memory orders a lock-free stack needs: each is made weaker, and the check has to fail. The failed
// exchange of `push` looks at nothing that the other thread has written, so its order is relaxed.
#include <runnel/model/check_orders.hpp>

#include <array>

namespace {

using std::memory_order;

struct node {
  runnel::model::var<int> value{0, "value"};
  runnel::model::var<node*> next{nullptr, "next"};
};

/// Of nodes that belong to the caller. Each is pushed once.
class treiber_stack {
 public:
  void push(node* n) {
    node* top = top_.load(memory_order::relaxed, {"push.look"});
    do {
      n->next = top;
    } while (!top_.compare_exchange_weak(top, n, memory_order::release, memory_order::relaxed,
                                         {"push.publish"}));
  }

  /// Null if the stack is empty.
  node* pop() {
    node* top = top_.load(memory_order::acquire, {"pop.look"});
    while (top != nullptr && !top_.compare_exchange_weak(top, top->next, memory_order::relaxed,
                                                         memory_order::acquire, {"pop.take"})) {
    }
    return top;
  }

 private:
  runnel::model::atomic<node*> top_{nullptr, "top"};
};

struct two_pushes_and_two_pops {
  treiber_stack stack;
  std::array<node, 2> nodes;

  void push(std::size_t i) {
    nodes[i].value = static_cast<int>(i) + 1;
    stack.push(&nodes[i]);
  }
  void pop() {
    if (const node* const n = stack.pop()) runnel::model::require(n->value != 0, "it has no value");
  }
};

}  // namespace

int main(int argc, char** argv) {
  using state = two_pushes_and_two_pops;
  return runnel::model::check_orders<state>(
      "a stack", argc, argv, [](state& s) { s.push(0); }, [](state& s) { s.push(1); },
      [](state& s) { s.pop(); }, [](state& s) { s.pop(); });
}
