// SPDX-License-Identifier: MIT
#include "team.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace runnel::model {

bool team_member::draws(std::uint64_t subtree) {
  if (!has_drawn_ || drawn_ < subtree) drawn_ = shared_.next_subtree.fetch_add(1);
  has_drawn_ = true;
  return drawn_ == subtree && subtree < shared_.failed_subtree.load();
}

void team_member::failed() {
  std::uint64_t first = shared_.failed_subtree.load();
  while (drawn_ < first && !shared_.failed_subtree.compare_exchange_weak(first, drawn_)) {
  }
}

void team_member::hand_over(const std::vector<observer::entry>& observed) {
  const std::size_t first = shared_.next_observation.fetch_add(observed.size());
  if (first + observed.size() > team_state::most_observations)
    throw std::runtime_error("the program has too many pairs of places that synchronize");
  std::ranges::copy(observed, shared_.observations.begin() + static_cast<std::ptrdiff_t>(first));
}

shared_team_state::shared_team_state() {
  void* const p =
      mmap(nullptr, sizeof(team_state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  state_ = ::new (p) team_state;
}

shared_team_state::~shared_team_state() { munmap(state_, sizeof(team_state)); }

namespace {

/// Closed at the other end when the last worker has ended.
struct end_of_workers {
  end_of_workers() {
    if (pipe(ends.data()) != 0)
      throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  ~end_of_workers() {
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }
  end_of_workers(const end_of_workers&) = delete;
  end_of_workers& operator=(const end_of_workers&) = delete;

  void wait(const std::function<void()>& progress) {
    close(ends[1]);
    ends[1] = -1;
    constexpr int interval = 200;  // milliseconds
    pollfd polled{ends[0], POLLIN, 0};
    while (poll(&polled, 1, interval) <= 0) progress();
  }

  std::array<int, 2> ends{};
};

[[noreturn]] void run_worker(const std::function<void(team_member&)>& work, team_state& shared,
                             bool first, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  try {
    team_member member(shared, first);
    work(member);
    _exit(0);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "runnel: %s\n", e.what());
  } catch (...) {
    std::fputs("runnel: an exception left the search\n", stderr);
  }
  _exit(1);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

void run_team(team_state& shared, unsigned workers, const std::function<void(team_member&)>& work,
              const std::function<void()>& progress) {
  std::vector<pid_t> children;
  std::string trouble;
  {
    end_of_workers end;
    const pid_t self = getpid();
    for (unsigned w = 0; w < workers; ++w) {
      const pid_t child = fork();
      if (child == 0) run_worker(work, shared, w == 0, self);
      if (child > 0) children.push_back(child);
      if (child < 0) {
        trouble = "cannot start a worker";
        shared.cut = true;
        break;
      }
    }
    end.wait(progress);
  }
  for (const pid_t child : children) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0 && trouble.empty())
      trouble = "a worker of the search ended with " + how_it_ended(status);
  }
  if (!trouble.empty()) throw std::runtime_error(trouble);
}

}  // namespace runnel::model
