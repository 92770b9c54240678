// SPDX-License-Identifier: MIT
#include "team.hpp"

#include <sched.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace runnel::stress {
namespace {

constexpr int any_core = -1;

/// One of the cores that this thread may use.
int chosen_core(std::uint64_t choice) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_getaffinity");
  auto left = choice % static_cast<unsigned>(CPU_COUNT(&allowed));
  for (unsigned core = 0;; ++core)
    if (CPU_ISSET(core, &allowed) && left-- == 0) return static_cast<int>(core);
}

void pin_to(int core) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<unsigned>(core), &only);
  if (sched_setaffinity(0, sizeof only, &only) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
}

}  // namespace

team::team(control& c, unsigned size, bool on_one_core, std::uint64_t choice)
    : start_(size + 1), finish_(size + 1) {
  const int core = on_one_core ? chosen_core(choice) : any_core;
  c.active.store(size);
  for (unsigned i = 0; i < size; ++i)
    threads_.emplace_back([this, &c, i, core] { work(c.threads[i], i, core); });
}

team::~team() {
  job_ = nullptr;
  start_.arrive_and_wait();
}

void team::run(job j) {
  job_ = std::move(j);
  start_.arrive_and_wait();
  finish_.arrive_and_wait();
}

void team::work(thread_state& own, unsigned index, int core) {
  if (core != any_core) pin_to(core);
  own_ledger = &own.book;
  for (;;) {
    start_.arrive_and_wait();
    if (!job_) return;
    job_(index);
    own.calls("waits for the others");
    finish_.arrive_and_wait();
  }
}

}  // namespace runnel::stress
