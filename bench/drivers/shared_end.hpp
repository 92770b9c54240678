// SPDX-License-Identifier: MIT
//
// Handles for queues that have none of their own.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace bench {

template <class T, class Queue>
struct shared_end {
  std::shared_ptr<Queue> queue;

  void send(T&& value) { queue->push(std::move(value)); }
  T recv() { return queue->pop(); }
};

template <class T, class Queue>
std::pair<shared_end<T, Queue>, shared_end<T, Queue>> make_shared_ends(
    std::optional<std::size_t> capacity) {
  const shared_end<T, Queue> end{std::make_shared<Queue>(capacity)};
  return {end, end};
}

}  // namespace bench
