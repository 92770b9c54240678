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
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace runnel::model {

void last_words::append(std::string_view text) {
  const std::size_t length = length_.load();
  const std::size_t fits = std::min(text.size(), text_.size() - length);
  std::copy_n(text.begin(), fits, text_.begin() + static_cast<std::ptrdiff_t>(length));
  length_ = length + fits;
}

bool team_member::draws(std::uint64_t subtree) {
  if (!has_drawn_ || drawn_ < subtree) drawn_ = shared_.next_subtree.fetch_add(1);
  has_drawn_ = true;
  return drawn_ == subtree && subtree < shared_.failed_subtree.load();
}

void team_member::goes_on(bool in_subtree) {
  constexpr auto relaxed = std::memory_order::relaxed;
  whereabouts& here = shared_.workers[index_];
  const std::uint64_t subtree = in_subtree ? drawn_ : team_state::none;
  const bool same = here.subtree.load(relaxed) == subtree;
  const std::uint64_t before = in_subtree ? (same ? here.run.load(relaxed) : 0) : runs_above_++;
  here.subtree.store(subtree, relaxed);
  here.run.store(before + 1, relaxed);
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

constexpr std::chrono::milliseconds look_interval{200};

/// Ends workers whose run does not end.
class supervisor {
 public:
  supervisor(const team_state& shared, std::optional<double> limit)
      : shared_(shared), limit_(limit) {}

  /// To be called at each interval.
  void look(const std::vector<pid_t>& workers) {
    if (!limit_ || std::chrono::duration<double>(clock::now() - start_).count() < *limit_) return;
    watched_.resize(workers.size());
    for (std::size_t w = 0; w < workers.size(); ++w) {
      const whereabouts& now = shared_.workers[w];
      watched& seen = watched_[w];
      if (now.has_returned || now.run == 0 || seen.subtree != now.subtree || seen.run != now.run)
        seen = {now.subtree, now.run, 0};
      else if (++seen.looks == patience)
        kill(workers[w], SIGKILL);
    }
  }
  [[nodiscard]] bool has_ended(std::size_t worker) const {
    return worker < watched_.size() && watched_[worker].looks >= patience;
  }

 private:
  using clock = std::chrono::steady_clock;
  /// Four times as long as a worker takes to see it itself.
  static constexpr unsigned patience = std::chrono::seconds(2) / look_interval;

  struct watched {
    std::uint64_t subtree = 0;
    std::uint64_t run = 0;
    unsigned looks = 0;
  };

  const team_state& shared_;
  const std::optional<double> limit_;
  const clock::time_point start_ = clock::now();
  std::vector<watched> watched_;
};

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

  template <class F>
  void wait(F at_each_interval) {
    close(ends[1]);
    ends[1] = -1;
    pollfd polled{ends[0], POLLIN, 0};
    while (poll(&polled, 1, static_cast<int>(look_interval.count())) <= 0) at_each_interval();
  }

  std::array<int, 2> ends{};
};

[[noreturn]] void run_worker(const std::function<void(team_member&)>& work, team_state& shared,
                             unsigned index, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  team_member member(shared, index);
  try {
    work(member);
    member.returns();
    _exit(0);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "runnel: %s\n", e.what());
  } catch (...) {
    std::fputs("runnel: an exception left the search\n", stderr);
  }
  member.returns();
  _exit(1);
}

int status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::string end_of_process(int status) {
  if (!WIFSIGNALED(status)) return "status " + std::to_string(WEXITSTATUS(status));
  return "signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ")";
}

std::optional<gone_worker> run_team(team_state& shared, unsigned workers,
                                    const std::function<void(team_member&)>& work,
                                    const std::function<void()>& progress,
                                    std::optional<double> limit) {
  std::vector<pid_t> children;
  std::string trouble;
  supervisor watch(shared, limit);
  {
    end_of_workers end;
    const pid_t self = getpid();
    for (unsigned w = 0; w < std::min(workers, team_state::most_workers); ++w) {
      const pid_t child = fork();
      if (child == 0) run_worker(work, shared, w, self);
      if (child > 0) children.push_back(child);
      if (child < 0) {
        trouble = "cannot start a worker";
        shared.cut = true;
        break;
      }
    }
    end.wait([&] {
      progress();
      watch.look(children);
    });
  }
  std::optional<gone_worker> gone;
  for (unsigned w = 0; w < children.size(); ++w) {
    const int status = status_of(children[w]);
    if (!shared.workers[w].has_returned) {
      if (!gone) gone = {w, status, watch.has_ended(w)};
    } else if (status != 0 && trouble.empty()) {
      trouble = "a worker of the search ended with " + end_of_process(status);
    }
  }
  if (!trouble.empty()) throw std::runtime_error(trouble);
  return gone;
}

}  // namespace runnel::model
