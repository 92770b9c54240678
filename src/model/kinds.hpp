// SPDX-License-Identifier: MIT
//
// The kinds of failures: how an execution, or a search, may fail.
#pragma once

#include <array>
#include <string_view>

namespace runnel::model {

struct failure_kind {
  std::string_view name;
  std::string_view meaning;
};

/// All but those that programs have of their own, which give them to model::fail.
inline constexpr std::array failure_kinds{
    failure_kind{"assertion",
                 "what the program asserts does not hold, an exception left a thread, "
                 "or an operation is misused"},
    failure_kind{"bad free", "memory is freed twice, or otherwise than it was allocated"},
    failure_kind{"crash", "a signal would have ended the process"},
    failure_kind{"data race", "two accesses to plain data are not ordered, and one of them writes"},
    failure_kind{"deadlock", "no thread can go on, and one of them sleeps"},
    failure_kind{"endless execution", "an execution does not end, and a limit of time is over"},
    failure_kind{"exit", "the process would have ended"},
    failure_kind{"heap",
                 "the program has a global operator new of its own, which does not ask "
                 "runnel::model::running()"},
    failure_kind{"leak", "memory is not freed, or a cell ends with its value"},
    failure_kind{"livelock", "all threads spin, or a loop has no bound"},
    failure_kind{"lost value", "a cell gets a value while it holds one"},
    failure_kind{"lost wake-up",
                 "no thread can go on, and one sleeps although its word has changed"},
    failure_kind{"no execution", "what the program assumes leaves no execution"},
    failure_kind{"nondeterminism", "the program does not do the same when it reads the same"},
    failure_kind{"nothing is shared", "no two threads use one object of the model"},
    failure_kind{"plain memory changed outside of the model",
                 "threads race for bytes that are no object of the model"},
    failure_kind{"synchronization outside of the model",
                 "a mutex or a condition variable of the standard library is used"},
    failure_kind{"thread", "the code under test starts a thread"},
    failure_kind{"uninitialised access", "what is used has no value, or was never constructed"},
    failure_kind{"unsupported", "code as it ships does what the explorer cannot follow"},
    failure_kind{"use after free", "what is used has ended"},
};

}  // namespace runnel::model
