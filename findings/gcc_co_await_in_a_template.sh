#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12 does not take a member of what co_await gives, where a template parameter decides the type of that: it says
# that it lacks the context to determine a type. With the result in a variable first, or with a type that is known,
# the same program compiles, and runs. Clang 19 takes both.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 '1:19.1.7-3~deb12u1'

cat >program.cpp <<'CODE'
#include <coroutine>
#include <utility>

struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
struct answer {
  int number() const { return 42; }
};
struct question {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  answer await_resume() const noexcept { return {}; }
};

#ifdef KNOWN
task ask(question q, int& to) {
#else
template <class Question>
task ask(Question q, int& to) {
#endif
#ifdef IN_A_VARIABLE
  const auto got = co_await q;
  to = got.number();
#else
  to = (co_await q).number();
#endif
}

int main() {
  int got = 0;
  ask(question(), got);
  return got == 42 ? 0 : 1;
}
CODE

# tries COMPILER ARGUMENT...: what becomes of the program.
tries() {
  local compiler=$1
  shift
  if "$compiler" -std=c++20 "$@" program.cpp -o program 2>messages; then
    ./program && echo right
  elif grep -q 'insufficient contextual information' messages; then
    echo refused
  else
    cat messages >&2
    echo no
  fi
}
expect 'GCC, in a template' refused "$(tries g++-12)"
expect 'GCC, in a template, with a variable' right "$(tries g++-12 -DIN_A_VARIABLE)"
expect 'GCC, in no template' right "$(tries g++-12 -DKNOWN)"
expect 'Clang, in a template' right "$(tries clang++-19)"
