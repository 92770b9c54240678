// SPDX-License-Identifier: MIT
//
// A channel that hands out its last message again and again: drivers must notice.
#include "shared_end.hpp"
#include "workloads.hpp"

namespace {

template <class T>
class forgetful_queue {
 public:
  explicit forgetful_queue(std::optional<std::size_t>) {}
  void push(T value) { last_ = value; }
  T pop() { return last_; }

 private:
  T last_;
};

struct broken_peer {
  static bool supports(const bench::options& o) { return o.workload == "seq"; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return bench::make_shared_ends<T, forgetful_queue<T>>(capacity);
  }
};

}  // namespace

int main(int argc, char** argv) { return bench::drive<broken_peer>(bench::parse(argc, argv)); }
