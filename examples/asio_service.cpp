// SPDX-License-Identifier: MIT
//
// A service on Asio whose work is done by threads of its own. A connection is a coroutine: it reads a line, sends it
// through a bounded channel to the workers, and awaits the answer in a channel of its own. So the one thread of the
// io_context never blocks; if all workers have enough to do, the connections wait, and with them their clients.
//
// Its clients are in the same program, and it ends when they have gone: the acceptor lets go of the jobs, then the
// workers see that nobody sends any more.
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <runnel/asio.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using asio::use_awaitable;
using asio::ip::tcp;

struct job {
  std::string line;
  runnel::mpsc::sender<std::string> reply;
};

/// A worker: takes jobs until nobody sends any.
void work(const runnel::mpmc::receiver<job>& jobs) {
  for (job j : jobs) {
    std::ranges::reverse(j.line);
    (void)j.reply.send(std::move(j.line));  // fails if the connection is gone
  }
}

/// A line without its end; empty when there is none any more.
asio::awaitable<std::string> read_line(tcp::socket& socket, std::string& buffer) {
  asio::error_code error;
  const std::size_t n = co_await asio::async_read_until(
      socket, asio::dynamic_buffer(buffer, 1000), '\n', asio::redirect_error(use_awaitable, error));
  std::string line = error ? std::string() : buffer.substr(0, n - 1);
  buffer.erase(0, n);
  co_return line;
}
asio::awaitable<void> write_line(tcp::socket& socket, std::string line) {
  line += '\n';
  co_await asio::async_write(socket, asio::buffer(line), use_awaitable);
}

asio::awaitable<void> serve(tcp::socket socket, runnel::mpmc::sender<job> jobs) {
  std::string buffer;
  auto [reply, answer] = runnel::mpsc::sync_channel<std::string>(1);
  for (;;) {
    std::string line = co_await read_line(socket, buffer);
    if (line.empty()) co_return;
    job j{std::move(line), reply};
    const auto sent = co_await runnel::asio::async_send(jobs, std::move(j), use_awaitable);
    if (!sent) co_return;  // there is no worker any more
    auto text = co_await runnel::asio::async_recv(answer, use_awaitable);
    co_await write_line(socket, std::move(*text));
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, runnel::mpmc::sender<job> jobs, int clients) {
  for (int i = 0; i < clients; ++i) {
    tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), jobs), asio::detached);
  }
}

asio::awaitable<void> ask(tcp::endpoint where, int client, std::vector<std::string>& answers) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(where, use_awaitable);
  std::string buffer;
  for (const char* word : {"stressed", "drawer", "level"}) {
    co_await write_line(socket, word);
    const std::string answer = co_await read_line(socket, buffer);
    answers.push_back(std::to_string(client) + ": " + word + " -> " + answer);
  }
}

}  // namespace

int main() {
  constexpr int clients = 3;
  auto [job_sender, job_receiver] = runnel::mpmc::sync_channel<job>(2);
  std::vector<std::jthread> workers;
  for (int i = 0; i < 2; ++i) workers.emplace_back(work, job_receiver);
  job_receiver.reset();

  std::vector<std::string> answers;
  asio::io_context context;  // after the channel: what waits when it ends leaves the channel
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(context, accept(acceptor, std::move(job_sender), clients), asio::detached);
  for (int i = 0; i < clients; ++i)
    asio::co_spawn(context, ask(acceptor.local_endpoint(), i, answers), asio::detached);
  context.run_for(std::chrono::seconds(30));  // returns when all connections have ended

  std::ranges::sort(answers);
  for (const std::string& a : answers) std::cout << a << '\n';
}
