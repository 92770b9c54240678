// SPDX-License-Identifier: MIT
//
// A mailbox for one message, which is marked as urgent after it has been put there. The mark belongs
// to the release sequence of the publication only if it is a read-modify-write: since C++20 a later
// store of the same thread does not.
#pragma once

#include "mistakes.hpp"
#include "support/check.hpp"

#include <runnel/core/site.hpp>

#include <cstdint>

namespace runnel::check {

template <class P>
class mailbox_test {
 public:
  static constexpr unsigned threads = 2;
  using config = mailbox_program;

  explicit mailbox_test(const mailbox_program& p) : program_(p) {}
  mailbox_test(const mailbox_test&) = delete;
  mailbox_test& operator=(const mailbox_test&) = delete;

  void before() {}
  void thread(unsigned index) {
    if (index == 0) {
      put();
      mark();
    } else {
      take();
    }
  }
  void after() {}

 private:
  static constexpr std::uint32_t empty = 0;
  static constexpr std::uint32_t full = 1;
  static constexpr std::uint32_t urgent = 2;

  void put() {
    message_.construct(7);
    state_.store(full, core::at<"mailbox.publish">(core::release));
  }
  void mark() {
    if (program_.marked_by_store)
      state_.store(urgent, core::at<"mailbox.mark">(core::relaxed));
    else
      (void)state_.exchange(urgent, core::at<"mailbox.mark">(core::relaxed));
  }
  void take() {
    (void)P::await(
        state_, [](std::uint32_t s) { return s != empty; },
        core::at<"mailbox.see_message">(core::acquire));
    if (message_.take() != 7) P::fail(kind::lost, "another message");
  }

  const mailbox_program& program_;
  typename P::template cell<int> message_;
  typename P::template atomic<std::uint32_t> state_{empty};
};

}  // namespace runnel::check
