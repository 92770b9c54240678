// SPDX-License-Identifier: MIT
//
// With a token for each handle, as its documentation advises.
#include "workloads.hpp"

#include <blockingconcurrentqueue.h>

#include <memory>

namespace {

template <class T, class Token>
class token_end {
  using queue_type = moodycamel::BlockingConcurrentQueue<T>;

 public:
  explicit token_end(std::shared_ptr<queue_type> queue)
      : queue_(std::move(queue)), token_(*queue_) {}
  token_end(const token_end& other) : token_end(other.queue_) {}
  token_end(token_end&&) noexcept = default;

  void send(T&& value) {
    if (!queue_->enqueue(token_, std::move(value))) throw std::bad_alloc();
  }

  T recv() {
    T value;
    queue_->wait_dequeue(token_, value);
    return value;
  }

 private:
  std::shared_ptr<queue_type> queue_;
  Token token_;
};

struct moodycamel_peer {
  static bool supports(const bench::options& o) { return !o.capacity; }

  template <class T>
  static auto make(std::optional<std::size_t>) {
    auto queue = std::make_shared<moodycamel::BlockingConcurrentQueue<T>>();
    return std::pair{token_end<T, moodycamel::ProducerToken>(queue),
                     token_end<T, moodycamel::ConsumerToken>(queue)};
  }
};

}  // namespace

int main(int argc, char** argv) { return bench::drive<moodycamel_peer>(bench::parse(argc, argv)); }
