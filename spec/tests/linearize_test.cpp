// SPDX-License-Identifier: MIT
//
// Histories with an order that is not that of time, as models have them, judged by what models use.
#include <spec/linearize.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <vector>

namespace runnel::spec {
namespace {

using enum response;

call send(std::uint8_t v, response r = ok) { return {op::send, r, v}; }
call try_send(std::uint8_t v, response r = ok) { return {op::try_send, r, v}; }
call send_for(std::uint8_t v, response r = ok) { return {op::timed_send, r, v}; }
call recv(std::uint8_t v) { return {op::recv, ok, v}; }
call recv(response r) { return {op::recv, r, 0}; }
call try_recv(std::uint8_t v) { return {op::try_recv, ok, v}; }
call try_recv(response r) { return {op::try_recv, r, 0}; }
call recv_for(response r) { return {op::timed_recv, r, 0}; }
call drop_sender() { return {op::drop_sender, ok, 0}; }
call drop_receiver() { return {op::drop_receiver, ok, 0}; }

/// One list of calls per thread, each in program order, and pairs of calls (thread, index) of which
/// the first happens-before the second.
class threads {
 public:
  threads(std::initializer_list<std::vector<call>> bodies) {
    for (const auto& body : bodies) {
      starts_.push_back(history_.size);
      for (const call& c : body) {
        const std::size_t i = history_.size++;
        history_.calls[i] = c;
        if (i != starts_.back()) add(i - 1, i);
      }
    }
  }
  /// Call i of thread t happens-before call k of thread u and what follows it there.
  threads& before(std::size_t t, std::size_t i, std::size_t u, std::size_t k) {
    const std::size_t first = starts_[t] + i;
    const std::size_t end = u + 1 < starts_.size() ? starts_[u + 1] : history_.size;
    for (std::size_t c = starts_[u] + k; c < end; ++c) add(first, c);
    return *this;
  }
  bool legal(std::optional<std::size_t> capacity, unsigned senders = 1,
             unsigned receivers = 1) const {
    state s;
    s.capacity = capacity;
    s.senders = senders;
    s.receivers = receivers;
    return linearizer<>(history_, s).explain() == verdict::explained;
  }

 private:
  void add(std::size_t first, std::size_t second) {
    history_.before[second] |= history_.before[first];
    history_.before[second].set(first);
  }

  history history_;
  std::vector<std::size_t> starts_;
};

constexpr std::optional<std::size_t> no_bound = std::nullopt;

TEST(Spec, SaysWhatAnOperationMayAnswer) {
  state s;
  s.capacity = 1;
  s.senders = s.receivers = 1;
  const auto sent = allowed(s, op::try_send, 7);
  ASSERT_EQ(sent.size, 1U);
  EXPECT_EQ(sent.begin()->call.response, ok);
  EXPECT_EQ(allowed(s, op::recv).size, 0U) << "it waits";
  s = sent.begin()->after;
  EXPECT_EQ(allowed(s, op::send, 8).size, 0U) << "it waits";
  EXPECT_EQ(allowed(s, op::timed_send, 8).begin()->call.response, timeout);
  const auto received = allowed(s, op::recv);
  ASSERT_EQ(received.size, 1U);
  EXPECT_EQ(received.begin()->call.value, 7);
  EXPECT_EQ(received.begin()->after.size, 0U);
}
TEST(Spec, SaysWhatCanPair) {
  state s;
  s.senders = s.receivers = 1;
  s.capacity = 0;
  EXPECT_TRUE(can_pair(s, op::send, op::try_recv));
  EXPECT_TRUE(can_pair(s, op::timed_send, op::timed_recv));
  EXPECT_FALSE(can_pair(s, op::try_send, op::try_recv));
  EXPECT_FALSE(can_pair(s, op::recv, op::send));
  s.receivers = 0;
  EXPECT_FALSE(can_pair(s, op::send, op::recv));
  s.receivers = 1;
  s.capacity = 1;
  EXPECT_FALSE(can_pair(s, op::send, op::recv));
}

TEST(Linearize, MessagesComeInTheOrderOfTheirSender) {
  EXPECT_TRUE(threads({{send(1), send(2)}, {recv(1), recv(2)}}).legal(2));
  EXPECT_FALSE(threads({{send(1), send(2)}, {recv(2), recv(1)}}).legal(2));
}

TEST(Linearize, MessagesOfTwoSendersMayInterleave) {
  EXPECT_TRUE(threads({{send(1), send(2)}, {send(3)}, {recv(1), recv(3), recv(2)}}).legal(1, 2));
  EXPECT_FALSE(threads({{send(1), send(2)}, {send(3)}, {recv(3), recv(2), recv(1)}}).legal(1, 2));
}

TEST(Linearize, NothingIsInventedOrRepeated) {
  EXPECT_FALSE(threads({{send(1)}, {recv(2)}}).legal(1));
  EXPECT_FALSE(threads({{send(1)}, {recv(1), recv(1)}}).legal(1));
}

TEST(Linearize, CapacityIsExact) {
  EXPECT_TRUE(threads({{try_send(1), try_send(2), try_send(3, full)}}).legal(2));
  EXPECT_FALSE(threads({{try_send(1), try_send(2), try_send(3)}}).legal(2));
  EXPECT_FALSE(threads({{try_send(1), try_send(2, full)}}).legal(2));
  EXPECT_TRUE(threads({{try_send(1), try_send(2), try_send(3)}}).legal(no_bound));
}

TEST(Linearize, EmptyNeedsAnEmptyChannel) {
  EXPECT_TRUE(threads({{send(1)}, {try_recv(empty), try_recv(1)}}).legal(1));
  EXPECT_FALSE(threads({{send(1)}, {try_recv(empty)}}).before(0, 0, 1, 0).legal(1));
  EXPECT_FALSE(threads({{send(1)}, {recv_for(timeout)}}).before(0, 0, 1, 0).legal(no_bound));
}

// On capacity 2 that holds one message: no order explains both `empty` and `full`.
TEST(Linearize, FullAndEmptyOfOneMomentExcludeEachOther) {
  const threads both({{send(1), try_send(2), try_send(3, full)}, {try_recv(1), try_recv(empty)}});
  EXPECT_FALSE(threads(both).before(0, 0, 1, 0).legal(2));
  const threads one({{send(1), try_send(2), try_send(3, full)}, {try_recv(1), try_recv(2)}});
  EXPECT_TRUE(threads(one).before(0, 0, 1, 0).legal(2));
}

TEST(Linearize, DisconnectedComesAfterDraining) {
  EXPECT_TRUE(threads({{send(1), drop_sender()}, {recv(1), recv(disconnected)}}).legal(1));
  EXPECT_FALSE(
      threads({{send(1), drop_sender()}, {recv(disconnected), recv(disconnected)}}).legal(1));
  EXPECT_FALSE(threads({{send(1)}, {recv(1), recv(disconnected)}}).legal(1));
  EXPECT_FALSE(threads({{drop_sender()}, {try_recv(disconnected), try_recv(empty)}}).legal(1));
}

TEST(Linearize, SendingWithoutReceiversIsDisconnectedNotFull) {
  EXPECT_TRUE(threads({{try_send(1), try_send(2, disconnected)}, {drop_receiver()}}).legal(1));
  EXPECT_FALSE(
      threads({{try_send(1), try_send(2, full)}, {drop_receiver()}}).before(1, 0, 0, 0).legal(1));
  EXPECT_FALSE(threads({{send(1)}, {drop_receiver()}}).before(1, 0, 0, 0).legal(no_bound));
  EXPECT_FALSE(threads({{send(1, disconnected)}, {recv(1)}}).legal(1));
}

TEST(Linearize, ALastReceiverDestroysWhatIsBuffered) {
  EXPECT_FALSE(threads({{send(1)}, {drop_receiver()}, {recv(1)}})
                   .before(0, 0, 1, 0)
                   .before(1, 0, 2, 0)
                   .legal(1, 1, 1));
  EXPECT_TRUE(threads({{send(1)}, {drop_receiver()}, {recv(1)}})
                  .before(0, 0, 1, 0)
                  .before(1, 0, 2, 0)
                  .legal(1, 1, 2));
}

TEST(Linearize, ARendezvousIsOneStep) {
  EXPECT_TRUE(threads({{send(1)}, {recv(1)}}).legal(0));
  EXPECT_FALSE(threads({{send(1)}, {recv(1)}}).before(0, 0, 1, 0).legal(0));
  EXPECT_TRUE(threads({{try_send(1)}, {recv(1)}}).legal(0));
  EXPECT_FALSE(threads({{try_send(1)}, {try_recv(1)}}).legal(0));
  EXPECT_FALSE(threads({{send(1)}}).legal(0));
  EXPECT_TRUE(threads({{try_send(1, full)}, {try_recv(empty)}}).legal(0));
  EXPECT_TRUE(threads({{send_for(1, timeout)}, {recv_for(timeout)}}).legal(0));
}

TEST(Linearize, TwoHandOffsKeepTheirOrder) {
  EXPECT_TRUE(threads({{send(1), send(2)}, {recv(1)}, {recv(2)}}).legal(0, 1, 2));
  EXPECT_FALSE(
      threads({{send(1), send(2)}, {recv(1)}, {recv(2)}}).before(2, 0, 1, 0).legal(0, 1, 2));
}

}  // namespace
}  // namespace runnel::spec
