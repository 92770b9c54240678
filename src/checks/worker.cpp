// SPDX-License-Identifier: MIT
#include "worker.hpp"

#include "report.hpp"
#include "result_json.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/text_output.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace runnel::cli {
namespace {

[[noreturn]] void fail_call(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void make_pipe(descriptor& read_end, descriptor& write_end) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) fail_call("pipe");
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

/// To the parent. If it has gone, SIGPIPE ends this process.
void send(int to, std::string_view line) {
  while (!line.empty()) {
    const ssize_t n = write(to, line.data(), line.size());
    if (n < 0 && errno != EINTR) _exit(1);
    if (n > 0) line.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// Allocates nothing, since an engine may own the heap while it searches.
void send_progress(int to, std::uint64_t executions, double part) {
  std::array<char, 96> line{};
  const int length = std::snprintf(
      line.data(), line.size(), "{\"executions\":%llu,\"part\":%.4f}\n",
      static_cast<unsigned long long>(executions), part >= 0 && part <= 1 ? part : -1.0);
  send(to, {line.data(), static_cast<std::size_t>(length)});
}

/// No process may search on when nobody listens any more.
void end_with(pid_t parent) {
  std::signal(SIGPIPE, SIG_DFL);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(1);
}

void run_in_child(const check::scenario& s, check::options options, int to) {
  auto last = worker::clock::now();
  options.observes = options.observes && s.expected_failure.empty();
  options.progress = [to, last](std::uint64_t executions, double part) mutable {
    const auto now = worker::clock::now();
    if (now - last < std::chrono::milliseconds(100)) return;
    last = now;
    send_progress(to, executions, part);
  };
  check::result r;
  bool refused = false;
  try {
    r = s.run(s.search, options);
  } catch (const std::exception& e) {
    refused = !options.replay.empty() && dynamic_cast<const std::invalid_argument*>(&e) != nullptr;
    r.verdict = check::verdict::failed;
    r.failure = failure::exception;
    r.message = std::string("the check threw an exception: ") + e.what();
  }
  send(to, to_line({{"result", to_json(r)}, {"refused", refused}}));
}

/// Appends what can be read without waiting; false at the end.
bool drain(int from, std::string& to) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t n = read(from, buffer.data(), buffer.size());
    if (n == 0) return false;
    if (n > 0) to.append(buffer.data(), static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) return errno == EAGAIN || errno == EWOULDBLOCK;
  }
}

}  // namespace

void descriptor::reset(int number) {
  if (number_ >= 0) close(number_);
  number_ = number;
}

worker::worker(const check::scenario& s, const check::options& options,
               const std::vector<std::unique_ptr<worker>>& others)
    : scenario_(s) {
  descriptor results;
  descriptor output;
  make_pipe(results_, results);
  make_pipe(output_, output);
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ < 0) fail_call("fork");
  if (child_ != 0) return;
  interrupt::leave_to_parent();
  end_with(parent);
  for (const auto& other : others) other->close_all();
  close_all();
  dup2(output.number(), STDOUT_FILENO);
  dup2(output.number(), STDERR_FILENO);
  output.reset();
  run_in_child(scenario_, options, results.number());
  std::cout.flush();
  std::fflush(nullptr);
  _exit(0);
}

worker::~worker() {
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  while (waitpid(child_, &status_, 0) < 0 && errno == EINTR) {
  }
}

double worker::seconds() const {
  return std::chrono::duration<double>(clock::now() - start_).count();
}

void worker::close_all() {
  results_.reset();
  output_.reset();
}

void worker::add_to(std::vector<pollfd>& polled) const {
  if (results_.number() >= 0) polled.push_back({results_.number(), POLLIN, 0});
  if (output_.number() >= 0) polled.push_back({output_.number(), POLLIN, 0});
}

void worker::read() {
  if (results_.number() >= 0 && !drain(results_.number(), unread_)) results_.reset();
  if (output_.number() >= 0 && !drain(output_.number(), printed_)) output_.reset();
  constexpr std::size_t kept = 1U << 16;
  if (printed_.size() > kept) printed_.erase(0, printed_.size() - kept);
  take_lines();
}

void worker::take_lines() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end == std::string::npos) return;
    take_message(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
}

void worker::take_message(const std::string& line) {
  const auto message = nlohmann::json::parse(line, nullptr, false);
  if (message.is_discarded()) return;
  if (message.contains("result")) {
    result_ = result_from(message["result"]);
    refused_ = message["refused"].get<bool>();
    executions_ = result_->executions;
  } else if (message.contains("executions")) {
    executions_ = message["executions"].get<std::uint64_t>();
    part_ = message["part"].get<double>();
  }
}

bool worker::finished() {
  if (child_ > 0) {
    const pid_t ended = waitpid(child_, &status_, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
    child_ = 0;
    read();
  }
  return true;
}

std::string worker::how_it_ended() const {
  if (WIFSIGNALED(status_)) {
    const int number = WTERMSIG(status_);
    return "was ended by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
  }
  return "ended with exit status " + std::to_string(WEXITSTATUS(status_));
}

check::result worker::result() const {
  const bool clean = WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
  if (result_ && (clean || result_->verdict == check::verdict::failed)) return *result_;
  check::result r;
  r.verdict = check::verdict::failed;
  r.failure = failure::crash;
  r.message = "the process of this check " + how_it_ended() +
              (result_ ? " after its result" : " without a result");
  r.executions = executions_;
  if (!printed_.empty()) r.history = "The last it printed:\n" + printed_;
  return r;
}

check::result worker::give_up(double limit) {
  check::result r;
  r.verdict = check::verdict::incomplete;
  r.message = "the time limit of " + duration(limit) + " ended the search";
  r.executions = executions_;
  if (!printed_.empty()) r.history = "The last it printed:\n" + printed_;
  return r;
}

}  // namespace runnel::cli
