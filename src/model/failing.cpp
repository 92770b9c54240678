// SPDX-License-Identifier: MIT
//
// How an execution fails: by what the engine finds, or by what a thread does that it does not survive.
#include "execution.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace runnel::model {

namespace context = boost::context::detail;

void execution::fail(std::string_view kind, std::string_view message) {
  while (plan_ != nullptr) {
    exchange_active(this);
    park(state::paused);
  }
  exchange_active(nullptr);
  tell_hidden();
  outcome_.interrupted = self().interrupted;
  outcome_.kind = kind;
  outcome_.message = message;
  if (recording_) {
    line("fails:", outcome_.kind);
    for (const program::caller& c : program_.callers(running_))
      line("called by", c.function, c.where);
    const bool known = !at_fault_.empty() || std::ranges::any_of(log_, &logged::at_fault);
    if (!known) log(step::failure, no_object, kind);
    if (!known) blame_current();
  }
  end(run_end::failed);
}

void execution::refuse_order(const char* operation, std::memory_order order, place where) {
  enter(where);
  exchange_active(nullptr);
  fail("assertion", std::string(operation) + " may not have the order " + text_of(order) + " (" +
                        text_of(where) + ')');
}

/// On the stack of the thread that runs, from its top: nobody goes back to what is there.
void execution::interrupt(const interruption& why) noexcept {
  if (self().interrupted) return;
  self().interrupted = true;
  program_.interrupted();
  interruption_ = why;
  const auto entry = [](context::transfer_t) { current().fail_interrupted(); };
  context::jump_fcontext(context::make_fcontext(stacks_.top(running_), stacks::size, entry),
                         nullptr);
}

void execution::fail_interrupted() {
  exchange_active(nullptr);
  const interruption& i = interruption_;
  std::string who = running_ != 0 ? "in " + name(running_) : name(0) + " the threads";
  if (running_ != 0 || *self().where.name != '\0') who += ", after " + text_of(self().where);
  switch (i.what) {
    case interruption::of::signal: {
      const std::string number = std::to_string(*i.number);
      const bool full = stacks_.overflows(running_, i.address);
      fail("crash",
           "signal " + number + " (" + strsignal(*i.number) + ") " + who +
               (full ? ": its stack of " + std::to_string(stacks::size / 1024) + " KiB is full"
                     : ""));
    }
    case interruption::of::exit:
      fail("exit", i.function + ('(' + (i.number ? std::to_string(*i.number) : "")) +
                       ") was called " + who);
    case interruption::of::thread:
      fail("thread", i.function + (std::string("() was called ") + who) +
                         ": the explorer sees those of the check, and model::thread");
    case interruption::of::waiting:
      fail("synchronization outside of the model", i.function +
                                                       (std::string("() was called ") + who) +
                                                       ": the explorer does not see " + i.seen_in);
    case interruption::of::time: break;
  }
  fail(endless_execution,
       "the time limit is over, and the execution does not end: it goes on " + who);
}

void execution::nondeterministic(std::string_view what) {
  exchange_active(nullptr);
  fail(nondeterminism, name(running_) + " " + std::string(what) +
                           " what it did in an earlier run with the same values, after " +
                           text_of(self().where));
}

}  // namespace runnel::model
