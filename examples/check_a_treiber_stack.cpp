// SPDX-License-Identifier: MIT
//
// A check of a lock-free stack: every execution of three threads that push and pop, under the C++
// memory model.
//
// Two variants show what the check finds. PUBLISH=relaxed pushes a node before others may see what is
// in it. USE_AGAIN=1 breaks the rule that a node is pushed once: another thread may still look at
// it, which is also how the well-known ABA problem begins.
#include <runnel/model/check.hpp>

#include <array>
#include <atomic>
#include <cstddef>

#ifndef PUBLISH
#define PUBLISH release
#endif
#ifndef USE_AGAIN
#define USE_AGAIN 0
#endif

namespace {

/// A stack of nodes that belong to the caller. Each is pushed once. `Memory` says what an atomic and
/// a plain variable are.
template <class Memory>
class treiber_stack {
 public:
  treiber_stack() { RUNNEL_MODEL_MEMBERS(top_); }

  struct node {
    typename Memory::template var<int> value;
    typename Memory::template var<node*> next;
  };

  void push(node* n) {
    node* top = top_.load(std::memory_order::relaxed);
    do {
      n->next = top;
    } while (!top_.compare_exchange_weak(top, n, std::memory_order::PUBLISH,
                                         std::memory_order::relaxed));
  }

  /// Null if the stack is empty.
  node* pop() {
    node* top = top_.load(std::memory_order::acquire);
    while (top != nullptr && !top_.compare_exchange_weak(top, top->next, std::memory_order::acquire,
                                                         std::memory_order::acquire)) {
    }
    return top;
  }

 private:
  typename Memory::template atomic<node*> top_{nullptr};
};

/// What the stack ships with.
struct real {
  template <class T>
  using atomic = std::atomic<T>;
  template <class T>
  using var = T;
};
template class treiber_stack<real>;

/// What it is checked with.
struct modelled {
  template <class T>
  using atomic = runnel::model::atomic<T>;
  template <class T>
  using var = runnel::model::var<T>;
};

class every_node_is_popped_once {
 public:
  static constexpr unsigned threads = 3;

  void thread(unsigned index) {
    if (index < 2) {
      nodes_[index].value = static_cast<int>(index);
      stack_.push(&nodes_[index]);
    }
    if (index == 0) return;
    if (auto* const n = stack_.pop()) {
      if (USE_AGAIN) {
        stack_.push(n);
      } else {
        count(n);
      }
    }
  }

  void after() {
    while (auto* const n = stack_.pop()) count(n);
    for (const int times : popped_)
      runnel::model::require(times == 1, "a node is lost, or doubled");
  }

 private:
  using stack = treiber_stack<modelled>;

  // Each value belongs to whoever popped its node: with two of those there is a data race.
  void count(stack::node* n) { ++popped_[static_cast<std::size_t>(n->value.get())]; }

  stack stack_;
  std::array<stack::node, 2> nodes_;
  std::array<runnel::model::var<int>, 2> popped_{0, 0};
};

}  // namespace

int main(int argc, char** argv) {
  return runnel::model::check<every_node_is_popped_once>("every node is popped once", argc, argv);
}
