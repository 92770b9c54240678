// SPDX-License-Identifier: MIT
#include "plain_library.hpp"

namespace plain {

int add(std::atomic<int>& to, int n) { return to.fetch_add(n, std::memory_order::relaxed); }
int next_of(int n) { return n + 1; }
int apply(int (*f)(int), int n) { return f(n) + 1; }

template <class T>
T same(T value) {
  return value;
}
template int same(int value);

}  // namespace plain
