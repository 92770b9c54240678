// SPDX-License-Identifier: MIT
//
// A log: three producers of lines, one writer. The writer collects lines into batches and flushes a batch
// when it is full, and in any case every 200 ms; another channel tells it to rotate its file. SIGINT is taken
// by a thread of its own, which requests a stop: the producers end, and the writer when it has written what
// they left behind.
//
// It runs until it is interrupted; with an argument it interrupts itself after so many lines.
#include <runnel/runnel.hpp>
#include <runnel/select.hpp>
#include <runnel/stop.hpp>
#include <runnel/timer.hpp>

#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

enum class command { rotate };

/// What the writer has done.
struct event {
  enum class reason { full, time, end, rotation };
  reason why;
  std::size_t lines;
};

/// A line each millisecond, until it is stopped. Returns how many have been sent.
std::size_t produce(const std::stop_token& stop, const std::string& name,
                    const runnel::mpsc::sender<std::string>& lines) {
  runnel::timer pace = runnel::tick(1ms);
  std::size_t sent = 0;
  while (runnel::select(stop, runnel::on_time(pace, [](auto) {}))) {
    if (!lines.send(name + " has made line " + std::to_string(sent), stop)) break;
    ++sent;
    if (stop.stop_requested()) break;  // a tick that is due goes before a stop
  }
  return sent;
}

class writer {
 public:
  explicit writer(runnel::mpsc::sender<event> events) : events_(std::move(events)) {}

  void run(const runnel::mpsc::receiver<std::string>& lines,
           const runnel::mpsc::receiver<command>& commands) {
    runnel::timer flush_time = runnel::tick(200ms);
    bool has_commands = true;
    for (bool has_lines = true; has_lines;) {
      runnel::select(runnel::on_recv(lines,
                                     [&](auto line) {
                                       if (line) {
                                         add(*std::move(line));
                                       } else {
                                         has_lines = false;
                                       }
                                     }),
                     runnel::on_recv(commands,
                                     [&](auto c) {
                                       if (c) {
                                         rotate();
                                       } else {
                                         has_commands = false;  // else it would be ready for ever
                                       }
                                     })
                         .when(has_commands),
                     runnel::on_time(flush_time, [&](auto) { flush(event::reason::time); }));
    }
    flush(event::reason::end);
  }

 private:
  void add(std::string line) {
    batch_.push_back(std::move(line));
    if (batch_.size() == 32) flush(event::reason::full);
  }
  void flush(event::reason why) {
    if (batch_.empty()) return;
    (void)events_.send({why, batch_.size()});  // here it would go to a file
    batch_.clear();
  }
  void rotate() { (void)events_.send({event::reason::rotation, 0}); }

  runnel::mpsc::sender<event> events_;
  std::vector<std::string> batch_;
};

/// The signals that this program takes, and not where they happen to interrupt a thread.
sigset_t taken_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  return signals;
}

/// Counts what the writer does.
class audience {
 public:
  void see(const event& e) {
    ++times_[static_cast<std::size_t>(e.why)];
    lines_ += e.lines;
  }
  [[nodiscard]] std::size_t lines() const { return lines_; }
  [[nodiscard]] bool has_seen(event::reason why) const {
    return times_[static_cast<std::size_t>(why)] != 0;
  }

 private:
  std::array<std::size_t, 4> times_{};
  std::size_t lines_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t enough = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  const sigset_t signals = taken_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // in the threads to come as well

  auto [line_sender, lines] = runnel::mpsc::sync_channel<std::string>(64);
  auto [command_sender, commands] = runnel::mpsc::sync_channel<command>(1);
  auto [event_sender, events] = runnel::mpsc::channel<event>();

  std::stop_source stop;
  std::jthread interrupts([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
  });
  std::array<std::size_t, 3> made{};
  std::vector<std::jthread> producers;
  for (std::size_t i = 0; i < made.size(); ++i) {
    producers.emplace_back([&made, i, token = stop.get_token(), to = line_sender] {
      made[i] = produce(token, "producer " + std::to_string(i), to);
    });
  }
  line_sender.reset();
  std::jthread writes([from = std::move(lines), orders = std::move(commands),
                       w = writer(std::move(event_sender))]() mutable { w.run(from, orders); });

  audience seen;
  using reason = event::reason;
  const auto see_until = [&](auto is_enough) {
    while (!is_enough()) {
      const auto e = events.recv(stop.get_token());
      if (!e) return;
      seen.see(*e);
    }
  };
  if (enough == 0) {
    see_until([] { return false; });
  } else {
    see_until([&] {
      return seen.lines() >= enough && seen.has_seen(reason::full) && seen.has_seen(reason::time);
    });
    std::cout << "batches were full, and flushed by time\n";
    (void)command_sender.send(command::rotate);
    see_until([&] { return seen.has_seen(reason::rotation); });
    kill(getpid(), SIGINT);
  }
  for (const event& e : events) seen.see(e);

  producers.clear();  // joins them
  const std::size_t sent = made[0] + made[1] + made[2];
  std::cout << (seen.has_seen(reason::rotation) ? "" : "never ") << "rotated\n"
            << (seen.lines() == sent ? "every" : "not every") << " line has been written\n";
  return seen.lines() == sent ? EXIT_SUCCESS : EXIT_FAILURE;
}
