// SPDX-License-Identifier: MIT
//
// Functions that are not compiled for the explorer.
#pragma once

#include <atomic>

namespace plain {

int add(std::atomic<int>& to, int n);
int next_of(int n);
/// One more than what it returns.
int apply(int (*f)(int), int n);

template <class T>
T same(T value);
extern template int same(int value);

}  // namespace plain
