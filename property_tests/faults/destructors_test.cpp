// SPDX-License-Identifier: MIT
//
// Messages whose destructors use channels, and messages that hold handles, of their own channel too.
#include "unit/support.hpp"

#include <functional>
#include <memory>
#include <type_traits>

namespace unit {
namespace {

/// A message that calls back when it is destroyed.
class with_callback {
 public:
  explicit with_callback(std::function<void()> f) : callback_(std::move(f)) {}
  with_callback(with_callback&& other) noexcept
      : callback_(std::exchange(other.callback_, nullptr)) {}
  with_callback& operator=(with_callback&&) = delete;
  ~with_callback() {
    if (callback_) callback_();
  }

 private:
  std::function<void()> callback_;
};

TEST_ON(buffered, Destructors, OfAMessageMayUseItsOwnChannel) {
  auto [tx, rx] = k.template make<with_callback>();
  int calls = 0;
  const auto callback = [&calls, &tx] {
    ++calls;
    (void)tx.size();
    EXPECT_TRUE(tx.is_disconnected());
    const auto again = tx;
    EXPECT_EQ(again.send(with_callback(nullptr)).error().reason, send_errc::disconnected);
    EXPECT_EQ(again.try_send(with_callback(nullptr)).error().reason, send_errc::disconnected);
  };
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(with_callback(callback)));
  rx.reset();
  EXPECT_EQ(calls, k.room());
}

TEST_ON(buffered, Destructors, OfAMessageMaySendOnAnotherChannel) {
  for (const std::size_t other : all) {
    auto [tx, rx] = k.template make<with_callback>();
    auto [out, in] = kind<Api>{other}.template make<int>();
    for (int i = 0; i < k.room(); ++i)
      ASSERT_TRUE(tx.send(with_callback([&out, i] { EXPECT_TRUE(out.send(i)); })));
    task receiver([&] {
      for (int i = 0; i < k.room(); ++i) EXPECT_EQ(in.recv(), i);
    });
    rx.reset();
  }
}

// No lock is held and no place is claimed any more when a received message is destroyed.
TEST_ON(all, Destructors, OfAReceivedMessageMayUseItsChannel) {
  auto [tx, rx] = k.template make<with_callback>();
  int calls = 0;
  const auto callback = [&calls, &tx, &rx] {
    ++calls;
    EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
    EXPECT_FALSE(tx.is_disconnected());
  };
  task sender([&] { EXPECT_TRUE(tx.send(with_callback(callback))); });
  EXPECT_TRUE(rx.recv());
  sender.join();
  EXPECT_EQ(calls, 1);
}

/// A message that holds the sender of its own channel.
template <class Api>
struct letter {
  typename Api::template sender<letter> sender;
};

// Row 54.
TEST_ON(buffered, Destructors, ASenderSentThroughItsOwnChannelComesOutOfIt) {
  auto [tx, rx] = k.template make<letter<Api>>();
  const auto& peer = tx;
  ASSERT_TRUE(peer.send(letter<Api>{tx}));
  tx.reset();
  EXPECT_FALSE(rx.is_disconnected());
  auto message = rx.recv();
  ASSERT_TRUE(message);
  EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
  message->sender.reset();
  EXPECT_EQ(rx.try_recv().error(), recv_errc::disconnected);
}

// Row 54: the buffered message holds the last sender; the drop of the receiver ends both sides.
TEST_ON(buffered, Destructors, ASenderLeftInItsOwnChannelGoesWithTheReceiver) {
  auto [tx, rx] = k.template make<letter<Api>>();
  ASSERT_TRUE(tx.send(letter<Api>{tx}));
  tx.reset();
  EXPECT_FALSE(rx.is_disconnected());
  rx.reset();
}

/// A message that holds a receiver; shared, so that a test can reach into the channel.
template <class Api>
struct box {
  std::shared_ptr<typename Api::template receiver<box>> receiver;
};

// The channel lives as long as the message, and the message as long as the channel: what lets go of the
// receiver inside ends both, while the receiver's own object is destroyed by its drop.
TEST_ON(buffered, Destructors, AReceiverLeftInItsOwnChannelKeepsItAlive) {
  auto [tx, rx] = k.template make<box<Api>>();
  auto inside = std::make_shared<decltype(rx)>(std::move(rx));
  auto& reached = *inside;
  ASSERT_TRUE(tx.send(box<Api>{std::move(inside)}));
  EXPECT_FALSE(tx.is_disconnected());
  reached.reset();
  EXPECT_TRUE(tx.is_disconnected());
}

// Each channel holds the receiver of the next one: the drop of the first ends them all.
TEST_ON(buffered, Destructors, ChannelsInChannelsGoTogether) {
  auto [first_tx, first_rx] = k.template make<box<Api>>();
  std::vector senders{std::move(first_tx)};
  for (int depth = 0; depth < 100; ++depth) {
    auto [tx, rx] = k.template make<box<Api>>();
    ASSERT_TRUE(senders.back().send(box<Api>{std::make_shared<decltype(rx)>(std::move(rx))}));
    senders.push_back(std::move(tx));
  }
  for (const auto& tx : senders) EXPECT_FALSE(tx.is_disconnected());
  first_rx.reset();
  for (const auto& tx : senders) EXPECT_TRUE(tx.is_disconnected());
}

TEST_ON(buffered, Destructors, OfAReceivedMessageMaySendTheNext) {
  auto [tx, rx] = k.template make<with_callback>();
  int left = 1000;
  std::function<void()> callback = [&] {
    if (--left == 0) return;
    EXPECT_TRUE(tx.send(with_callback(callback)));
  };
  ASSERT_TRUE(tx.send(with_callback(callback)));
  int received = 0;
  while (rx.try_recv()) ++received;
  EXPECT_EQ(received, 1000);
}

// Each destructor receives, and so destroys, the next message, until none is left.
TEST_ON(buffered, Destructors, OfAReceivedMessageMayReceiveTheNext) {
  const int messages = std::min(k.room(), 100);
  auto [tx, rx] = k.template make<with_callback>();
  int calls = 0;
  for (int i = 0; i < messages; ++i) {
    ASSERT_TRUE(tx.send(with_callback([&] {
      ++calls;
      (void)rx.try_recv();
    })));
  }
  EXPECT_TRUE(rx.recv());
  EXPECT_EQ(calls, messages);
  EXPECT_TRUE(rx.empty());
}

// The last sender goes in the destructor of a message, in the midst of a loop over the channel.
TEST_ON(buffered, Destructors, OfAReceivedMessageMayEndTheChannel) {
  auto [tx, rx] = k.template make<letter<Api>>();
  for (int i = 0; i < std::min(k.room(), 10); ++i) ASSERT_TRUE(tx.send(letter<Api>{tx}));
  tx.reset();
  int received = 0;
  for (const letter<Api>& message : rx) received += message.sender.is_disconnected() ? 0 : 1;
  EXPECT_EQ(received, std::min(k.room(), 10));
}

// Handles of the same channel are copied and dropped while the last receiver destroys what is left.
TEST_ON(buffered, Destructors, OfAMessageMayCopyAndDropHandles) {
  auto [tx, rx] = k.template make<with_callback>();
  std::vector<std::remove_reference_t<decltype(tx)>> copies;
  for (int i = 0; i < k.room(); ++i) {
    ASSERT_TRUE(tx.send(with_callback([&copies, &from = tx] {
      copies.push_back(from);
      if (copies.size() == 3) copies.clear();
    })));
  }
  rx.reset();
  EXPECT_EQ(copies.size(), static_cast<std::size_t>(k.room() % 3));
  for (const auto& c : copies) EXPECT_TRUE(c.is_disconnected());
}

// A value that a blocked send gets back is destroyed by its owner, and may use the channel.
TEST_ON(limited, Destructors, OfAMessageThatCameBackMayUseItsChannel) {
  auto [tx, rx] = k.template make<with_callback>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(with_callback(nullptr)));
  int calls = 0;
  const auto callback = [&calls, &from = tx] {
    ++calls;
    EXPECT_EQ(from.try_send(with_callback(nullptr)).error().reason, send_errc::full);
  };
  EXPECT_EQ(tx.send_for(with_callback(callback), 1ms).error().reason, send_errc::timeout);
  EXPECT_EQ(tx.try_send(with_callback(callback)).error().reason, send_errc::full);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace unit
