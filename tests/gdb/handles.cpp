// SPDX-License-Identifier: MIT
//
// Handles of all kinds, as the debugger finds them at `stop_here`: see gdb_test.py.
#include <runnel/runnel.hpp>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>

namespace {

/// A thread that makes a call which blocks; ready when it sleeps in the kernel.
class blocked {
 public:
  template <class F>
  explicit blocked(F f)
      : thread_([this, f = std::move(f)] {
          id_ = static_cast<int>(syscall(SYS_gettid));
          f();
        }) {
    while (!asleep()) std::this_thread::yield();
  }

 private:
  [[nodiscard]] bool asleep() const {
    const std::string path = "/proc/self/task/" + std::to_string(id_.load()) + "/stat";
    std::array<char, 256> text{};
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t length = file < 0 ? -1 : read(file, text.data(), text.size() - 1);
    if (file >= 0) close(file);
    const char* const name_end = length <= 0 ? nullptr : std::strrchr(text.data(), ')');
    return name_end != nullptr && name_end[2] == 'S';
  }

  std::atomic<int> id_{0};
  std::jthread thread_;
};

/// Where the debugger stops.
void stop_here() { std::puts("seen"); }

template <class Sender>
void send_to(const Sender& tx, int messages) {
  for (int i = 0; i < messages; ++i) (void)tx.send({});
}

void show() {
  auto [full_tx, full_rx] = runnel::mpsc::sync_channel<int>(3);
  send_to(full_tx, 3);
  for (int i = 0; i < 5; ++i) full_tx.send(*full_rx.recv()).value();  // into a later lap
  const auto& full_reference = full_tx;
  auto [list_tx, list_rx] = runnel::mpsc::channel<std::string>();
  send_to(list_tx, 300);  // in several blocks
  for (int i = 0; i < 150; ++i) (void)list_rx.recv();
  auto [many_tx, many_rx] = runnel::mpmc::channel<std::unique_ptr<int>>();
  const auto many_rx_2 = many_rx;
  auto [meet_tx, meet_rx] = runnel::mpmc::sync_channel<int*>(0);
  const auto meet_tx_2 = meet_tx;
  auto [ring_tx, ring_rx] = runnel::mpmc::sync_channel<long>(8);
  send_to(ring_tx, 2);
  ring_rx.reset();
  auto [left_tx, left_rx] = runnel::mpsc::sync_channel<char>(2);
  send_to(left_tx, 1);
  left_tx.reset();
  const auto nameless = [] {};
  auto [nameless_tx, nameless_rx] = runnel::mpsc::sync_channel<decltype(nameless)*>(1);
  const runnel::mpsc::sender<int> none;
  const runnel::mpmc::receiver<int> none_rx;

  // Nobody has made these.
  std::array<std::size_t, 64> memory{};
  memory.fill(0x4141414141414141);
  alignas(8) std::array<std::byte, 64> raw{};
  auto* const garbage = reinterpret_cast<runnel::mpsc::sender<int>*>(raw.data());
  auto* const elsewhere = reinterpret_cast<runnel::mpsc::receiver<int>*>(raw.data() + 32);
  const void* const wild = reinterpret_cast<const void*>(0x4141414141414140);
  const void* const other = memory.data();
  std::memcpy(raw.data(), &wild, sizeof wild);
  std::memcpy(raw.data() + 32, &other, sizeof other);

  const blocked sender([tx = full_tx] { (void)tx.send(4); });
  const blocked other_sender([tx = full_tx] { (void)tx.send(5); });
  const blocked receiver([rx = many_rx] { (void)rx.recv(); });
  const blocked meeting([tx = meet_tx] { (void)tx.send(nullptr); });
  stop_here();
  full_rx.reset();
  many_tx.reset();
  meet_rx.reset();
  (void)full_reference;
  (void)garbage;
  (void)elsewhere;
}

}  // namespace

int main() { show(); }
