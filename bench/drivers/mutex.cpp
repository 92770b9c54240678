// SPDX-License-Identifier: MIT
//
// What people write by hand: a deque, a mutex and two condition variables.
#include "shared_end.hpp"
#include "workloads.hpp"

#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>

namespace {

template <class T>
class locked_queue {
 public:
  explicit locked_queue(std::optional<std::size_t> capacity)
      : capacity_(capacity.value_or(std::numeric_limits<std::size_t>::max())) {}

  void push(T value) {
    {
      std::unique_lock lock(mutex_);
      not_full_.wait(lock, [this] { return values_.size() < capacity_; });
      values_.push_back(std::move(value));
    }
    not_empty_.notify_one();
  }

  T pop() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [this] { return !values_.empty(); });
    T value = std::move(values_.front());
    values_.pop_front();
    lock.unlock();
    not_full_.notify_one();
    return value;
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::condition_variable not_full_;
  std::deque<T> values_;
};

struct mutex_peer {
  static bool supports(const bench::options& o) { return o.capacity != 0; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return bench::make_shared_ends<T, locked_queue<T>>(capacity);
  }
};

}  // namespace

int main(int argc, char** argv) { return bench::drive<mutex_peer>(bench::parse(argc, argv)); }
