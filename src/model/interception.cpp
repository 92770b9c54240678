// SPDX-License-Identifier: MIT
#include "interception.hpp"

#include "execution.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace runnel::model {

namespace {

// ---- Signals

/// What the code that is running has done itself, at once.
constexpr std::array faults_of_code{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
/// What ends a process too, and may as well come from elsewhere.
constexpr std::array others_that_end{SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1,   SIGUSR2,
                                     SIGPIPE, SIGALRM, SIGTERM, SIGVTALRM, SIGPROF,
                                     SIGXCPU, SIGXFSZ, SIGPOLL};

bool is_fault(int signal) {
  return std::find(faults_of_code.begin(), faults_of_code.end(), signal) != faults_of_code.end();
}

/// A child that the program has forked ends as it likes.
constinit pid_t searching_process = 0;

/// The execution whose code runs here.
execution* interrupted_execution() noexcept {
  return getpid() == searching_process ? execution::here_now() : nullptr;
}

// ---- Time

/// An execution is taken for endless if it is still there at so many ticks in a row. (One of 4000
/// events takes milliseconds. However long the process is kept off the processor, only a tick or two
/// come of it.)
constexpr unsigned patience = 5;
constexpr long tick_ns = 100'000'000;

struct seen_at_ticks {
  const execution* which = nullptr;
  std::uint64_t run = 0;
  unsigned ticks = 0;
};
constinit thread_local seen_at_ticks seen;
constinit thread_local interception* innermost = nullptr;

void find_endless_execution() {
  execution* const e = interrupted_execution();
  if (e == nullptr) return;
  if (seen.which != e || seen.run != e->runs()) seen = {e, e->runs(), 0};
  // What the engine does is not to be left half-way.
  if (++seen.ticks < patience || execution::active() == nullptr) return;
  seen.ticks = 0;
  e->interrupt({.what = interruption::of::time});
}

// ---- The handlers, as long as somebody searches

void handle(int signal, siginfo_t* info, void* context);

class handlers {
 public:
  static handlers& only() {
    static handlers h;
    return h;
  }

  void install() {
    const std::lock_guard guard(mutex_);
    searching_process = getpid();
    if (users_++ != 0) return;
    for (const int signal : faults_of_code) replace(signal);
    for (const int signal : others_that_end) {
      if (disposition(signal).sa_handler == SIG_DFL || signal == SIGALRM) replace(signal);
    }
  }
  void remove() {
    const std::lock_guard guard(mutex_);
    if (--users_ != 0) return;
    for (std::size_t s = 0; s < replaced_.size(); ++s) {
      if (replaced_[s]) sigaction(static_cast<int>(s), &previous_[s], nullptr);
      replaced_[s] = false;
    }
  }

  /// As if there were no handler here.
  void pass_on(int signal, siginfo_t* info, void* context) {
    const struct sigaction& previous = previous_[static_cast<std::size_t>(signal)];
    if ((previous.sa_flags & SA_SIGINFO) != 0) return previous.sa_sigaction(signal, info, context);
    if (previous.sa_handler == SIG_IGN) return;
    if (previous.sa_handler != SIG_DFL) return previous.sa_handler(signal);
    sigaction(signal, &previous, nullptr);
    // A fault comes again by itself, with all that a debugger wants to know of it.
    if (info->si_code <= 0 || !is_fault(signal)) raise(signal);
  }

 private:
  static struct sigaction disposition(int signal) {
    struct sigaction a{};
    sigaction(signal, nullptr, &a);
    return a;
  }
  void replace(int signal) {
    struct sigaction a{};
    a.sa_sigaction = handle;
    // The handler is left by going elsewhere: nothing may be blocked then.
    a.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
    sigemptyset(&a.sa_mask);
    const auto s = static_cast<std::size_t>(signal);
    replaced_[s] = sigaction(signal, &a, &previous_[s]) == 0;
  }

  std::mutex mutex_;
  unsigned users_ = 0;
  std::array<struct sigaction, NSIG> previous_{};
  std::array<bool, NSIG> replaced_{};
};

void handle(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  if (signal == SIGALRM && info->si_code == SI_TIMER && innermost != nullptr &&
      info->si_value.sival_ptr == innermost) {
    innermost->tick();
  } else if (signal == SIGTRAP && takes_trap != nullptr && takes_trap(context)) {
    // It goes on.
  } else {
    const bool by_itself = is_fault(signal) ? info->si_code > 0 || info->si_pid == getpid()
                                            : info->si_code <= 0 && info->si_pid == getpid();
    execution* const e = by_itself ? interrupted_execution() : nullptr;
    const bool has_address = signal == SIGSEGV || signal == SIGBUS;
    if (e != nullptr)
      e->interrupt({.what = interruption::of::signal,
                    .number = signal,
                    .address = has_address ? info->si_addr : nullptr});
    handlers::only().pass_on(signal, info, context);
  }
  errno = error;
}

// ---- What code asks the C library for

void interrupt_by(const interruption& why) {
  execution* const e = running() ? interrupted_execution() : nullptr;
  if (e != nullptr) e->interrupt(why);
}
void interrupt_by(const char* function, std::optional<int> status) {
  interrupt_by({.what = interruption::of::exit, .number = status, .function = function});
}

/// The function that is hidden by the one of the same name below.
template <class F>
F* hidden(const char* function) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, function));
}

[[noreturn]] void leave(const char* function, int status) {
  interrupt_by(function, status);
  if (auto* const leave_in_c = hidden<void(int)>(function)) leave_in_c(status);
  std::abort();
}
[[noreturn]] void leave_at_once(const char* function, int status) {
  interrupt_by(function, status);
  for (;;) syscall(SYS_exit_group, status);
}

/// The C library calls its own exit from err() and the like: no other function hides that one. What
/// was registered later has been done then.
void register_for_exit();
void exit_is_on_its_way() {
  if (!running()) return;
  register_for_exit();  // a handler is called once
  interrupt_by("exit", {});
}
void register_for_exit() {
  std::atexit(exit_is_on_its_way);
  std::at_quick_exit(exit_is_on_its_way);
}

// ---- What waits, or lets wait, behind the explorer's back

constexpr const char* mutexes = "std::mutex and its kin; use model::mutex";
constexpr const char* shared_mutexes = "std::shared_mutex; use model::shared_mutex";
constexpr const char* conditions = "std::condition_variable; use model::condition_variable";

/// Fails the execution if code of a program has called the function. Else calls the one that it hides,
/// which has another name in a program that is linked statically.
template <class... Arguments>
int pass(const char* function, const char* seen_in, std::atomic<int (*)(Arguments...)>& known,
         int (*other_name)(std::type_identity_t<Arguments>...),
         std::type_identity_t<Arguments>... arguments) {
  interrupt_by({.what = interruption::of::waiting, .function = function, .seen_in = seen_in});
  auto* next = known.load(std::memory_order::relaxed);
  if (next == nullptr) {
    next = hidden<int(Arguments...)>(function);
    if (next == nullptr) next = other_name;
    known.store(next, std::memory_order::relaxed);
  }
  return next != nullptr ? next(arguments...) : ENOSYS;
}

}  // namespace

interception::interception(std::optional<double> limit) : outer_(std::exchange(innermost, this)) {
  static const bool registered = (register_for_exit(), true);
  (void)registered;
  handlers::only().install();
  // No new[]: a program that replaces new alone has no other definition of it.
  stack_.resize(std::size_t{64} * 1024);
  const stack_t own{.ss_sp = stack_.data(), .ss_flags = 0, .ss_size = stack_.size()};
  sigaltstack(&own, &previous_stack_);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &alarm, &previous_mask_);
  if (limit) start_timer(*limit);
}

interception::~interception() {
  if (timer_) timer_delete(*timer_);
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
  sigaltstack(&previous_stack_, nullptr);
  handlers::only().remove();
  innermost = outer_;
}

void interception::tick() {
  over_ = 1;
  find_endless_execution();
}

void interception::start_timer(double limit) {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGALRM;
  event.sigev_value.sival_ptr = this;
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  timer_t timer{};
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a timer");
  timer_ = timer;
  constexpr double longest = 1e9;
  const double seconds = std::min(limit, longest);
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(seconds);
  // Not zero, which would stop the timer.
  when.it_value.tv_nsec = std::max(static_cast<long>((seconds - std::floor(seconds)) * 1e9), 1L);
  when.it_interval.tv_nsec = tick_ns;
  timer_settime(timer, 0, &when, nullptr);
}

}  // namespace runnel::model

// In place of those of the C library. Weak, since a program that is linked statically has both of some.
extern "C" {
// There those that are hidden have these names besides. NOLINTBEGIN(bugprone-reserved-identifier)
[[gnu::weak]] decltype(pthread_create) __pthread_create;
[[gnu::weak]] decltype(pthread_mutex_lock) __pthread_mutex_lock;
[[gnu::weak]] decltype(pthread_mutex_trylock) __pthread_mutex_trylock;
[[gnu::weak]] decltype(pthread_mutex_timedlock) __pthread_mutex_timedlock;
[[gnu::weak]] decltype(pthread_mutex_clocklock) __pthread_mutex_clocklock;
[[gnu::weak]] decltype(pthread_rwlock_rdlock) __pthread_rwlock_rdlock;
[[gnu::weak]] decltype(pthread_rwlock_wrlock) __pthread_rwlock_wrlock;
[[gnu::weak]] decltype(pthread_cond_wait) __pthread_cond_wait;
[[gnu::weak]] decltype(pthread_cond_timedwait) __pthread_cond_timedwait;
[[gnu::weak]] decltype(pthread_cond_clockwait) __pthread_cond_clockwait;
[[gnu::weak]] decltype(pthread_cond_signal) __pthread_cond_signal;
[[gnu::weak]] decltype(pthread_cond_broadcast) __pthread_cond_broadcast;
// NOLINTEND(bugprone-reserved-identifier)
[[gnu::weak]] void exit(int status) noexcept { runnel::model::leave("exit", status); }
[[gnu::weak]] void quick_exit(int status) noexcept { runnel::model::leave("quick_exit", status); }
[[gnu::weak]] void _exit(int status) { runnel::model::leave_at_once("_exit", status); }
[[gnu::weak]] void _Exit(int status) noexcept { runnel::model::leave_at_once("_Exit", status); }
[[gnu::weak]] int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                 void* (*body)(void*), void* argument) noexcept {
  using namespace runnel::model;
  interrupt_by({.what = interruption::of::thread, .function = "pthread_create"});
  static auto* const shared = hidden<decltype(pthread_create)>("pthread_create");
  auto* const create = shared != nullptr ? shared : __pthread_create;
  return create != nullptr ? create(thread, attributes, body, argument) : ENOSYS;
}
[[gnu::weak]] int pthread_mutex_lock(pthread_mutex_t* m) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*)> next{nullptr};
  return runnel::model::pass("pthread_mutex_lock", runnel::model::mutexes, next,
                             &__pthread_mutex_lock, m);
}
[[gnu::weak]] int pthread_mutex_trylock(pthread_mutex_t* m) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*)> next{nullptr};
  return runnel::model::pass("pthread_mutex_trylock", runnel::model::mutexes, next,
                             &__pthread_mutex_trylock, m);
}
[[gnu::weak]] int pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* deadline) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*, const timespec*)> next{nullptr};
  return runnel::model::pass("pthread_mutex_timedlock", runnel::model::mutexes, next,
                             &__pthread_mutex_timedlock, m, deadline);
}
[[gnu::weak]] int pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock,
                                          const timespec* deadline) noexcept {
  static constinit std::atomic<int (*)(pthread_mutex_t*, clockid_t, const timespec*)> next{nullptr};
  return runnel::model::pass("pthread_mutex_clocklock", runnel::model::mutexes, next,
                             &__pthread_mutex_clocklock, m, clock, deadline);
}
[[gnu::weak]] int pthread_rwlock_rdlock(pthread_rwlock_t* m) noexcept {
  static constinit std::atomic<int (*)(pthread_rwlock_t*)> next{nullptr};
  return runnel::model::pass("pthread_rwlock_rdlock", runnel::model::shared_mutexes, next,
                             &__pthread_rwlock_rdlock, m);
}
[[gnu::weak]] int pthread_rwlock_wrlock(pthread_rwlock_t* m) noexcept {
  static constinit std::atomic<int (*)(pthread_rwlock_t*)> next{nullptr};
  return runnel::model::pass("pthread_rwlock_wrlock", runnel::model::shared_mutexes, next,
                             &__pthread_rwlock_wrlock, m);
}
[[gnu::weak]] int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
  static constinit std::atomic<int (*)(pthread_cond_t*, pthread_mutex_t*)> next{nullptr};
  return runnel::model::pass("pthread_cond_wait", runnel::model::conditions, next,
                             &__pthread_cond_wait, c, m);
}
[[gnu::weak]] int pthread_cond_timedwait(pthread_cond_t* c, pthread_mutex_t* m,
                                         const timespec* deadline) {
  static constinit std::atomic<int (*)(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next{
      nullptr};
  return runnel::model::pass("pthread_cond_timedwait", runnel::model::conditions, next,
                             &__pthread_cond_timedwait, c, m, deadline);
}
[[gnu::weak]] int pthread_cond_clockwait(pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                                         const timespec* deadline) {
  static constinit std::atomic<int (*)(pthread_cond_t*, pthread_mutex_t*, clockid_t,
                                       const timespec*)>
      next{nullptr};
  return runnel::model::pass("pthread_cond_clockwait", runnel::model::conditions, next,
                             &__pthread_cond_clockwait, c, m, clock, deadline);
}
[[gnu::weak]] int pthread_cond_signal(pthread_cond_t* c) noexcept {
  static constinit std::atomic<int (*)(pthread_cond_t*)> next{nullptr};
  return runnel::model::pass("pthread_cond_signal", runnel::model::conditions, next,
                             &__pthread_cond_signal, c);
}
[[gnu::weak]] int pthread_cond_broadcast(pthread_cond_t* c) noexcept {
  static constinit std::atomic<int (*)(pthread_cond_t*)> next{nullptr};
  return runnel::model::pass("pthread_cond_broadcast", runnel::model::conditions, next,
                             &__pthread_cond_broadcast, c);
}
}
