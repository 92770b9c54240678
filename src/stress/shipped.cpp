// SPDX-License-Identifier: MIT
#include "soak.hpp"

#include <runnel/runnel.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace runnel::stress {
namespace {

struct mpsc_api {
  template <class T>
  using sender = mpsc::sender<T>;
  template <class T>
  using receiver = mpsc::receiver<T>;
  template <class T>
  static auto channel() {
    return mpsc::channel<T>();
  }
  template <class T>
  static auto sync_channel(std::size_t capacity) {
    return mpsc::sync_channel<T>(capacity);
  }
};

struct mpmc_api {
  template <class T>
  using sender = mpmc::sender<T>;
  template <class T>
  using receiver = mpmc::receiver<T>;
  template <class T>
  static auto channel() {
    return mpmc::channel<T>();
  }
  template <class T>
  static auto sync_channel(std::size_t capacity) {
    return mpmc::sync_channel<T>(capacity);
  }
};

}  // namespace

std::vector<combination> shipped_combinations() {
  std::vector<combination> all = combinations_of<mpsc_api>("mpsc");
  std::ranges::move(combinations_of<mpmc_api>("mpmc"), std::back_inserter(all));
  return all;
}

}  // namespace runnel::stress
