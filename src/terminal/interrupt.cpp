// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace runnel::cli {
namespace {

std::atomic<int> arrived{0};  // other threads may ask
static_assert(std::atomic<int>::is_always_lock_free);
int pipe_ends[2] = {-1, -1};
struct sigaction old_int;
struct sigaction old_term;

extern "C" void note_signal(int number) {
  const int saved = errno;
  arrived = number;
  const char byte = 0;
  // The pipe only wakes up a poll; if it is full, the poll is awake.
  if (write(pipe_ends[1], &byte, 1) < 0) errno = 0;
  errno = saved;
}

}  // namespace

interrupt::interrupt() {
  if (pipe(pipe_ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int end : pipe_ends) {
    fcntl(end, F_SETFL, O_NONBLOCK);
    fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  arrived = 0;
  struct sigaction action = {};
  action.sa_handler = note_signal;
  sigaction(SIGINT, &action, &old_int);
  sigaction(SIGTERM, &action, &old_term);
}

interrupt::~interrupt() {
  sigaction(SIGINT, &old_int, nullptr);
  sigaction(SIGTERM, &old_term, nullptr);
  for (const int end : pipe_ends) close(end);
}

int interrupt::signal() { return arrived; }

int interrupt::descriptor() { return pipe_ends[0]; }

void interrupt::leave_to_parent() {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace runnel::cli
