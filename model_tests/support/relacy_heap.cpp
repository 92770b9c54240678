// SPDX-License-Identifier: MIT
#include "global_heap.hpp"
#include "relacy_headers.hpp"

namespace runnel::check {

void* relacy_new(std::size_t size) {
  return rl::is_ctx() ? rl::ctx().alloc(size) : std::malloc(size);
}

void relacy_delete(void* p) noexcept {
  if (rl::is_ctx())
    rl::ctx().free(p);
  else
    std::free(p);
}

}  // namespace runnel::check
