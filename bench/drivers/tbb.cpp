// SPDX-License-Identifier: MIT
#include "shared_end.hpp"
#include "workloads.hpp"

#include <oneapi/tbb/concurrent_queue.h>

namespace {

template <class T>
class tbb_queue {
 public:
  explicit tbb_queue(std::optional<std::size_t> capacity) {
    if (capacity) queue_.set_capacity(static_cast<std::ptrdiff_t>(*capacity));
  }

  void push(T value) { queue_.push(std::move(value)); }

  T pop() {
    T value;
    queue_.pop(value);
    return value;
  }

 private:
  oneapi::tbb::concurrent_bounded_queue<T> queue_;
};

struct tbb_peer {
  static bool supports(const bench::options& o) { return o.capacity != 0; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return bench::make_shared_ends<T, tbb_queue<T>>(capacity);
  }
};

}  // namespace

int main(int argc, char** argv) { return bench::drive<tbb_peer>(bench::parse(argc, argv)); }
