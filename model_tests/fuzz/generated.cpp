// SPDX-License-Identifier: MIT
#include "generated.hpp"

#include "random_source.hpp"
#include "step_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace runnel::check::fuzz {

namespace {

using spec::op;

constexpr unsigned most_handles = 2;  // of a thread

op own_drop(role r) { return r == role::sender ? op::drop_sender : op::drop_receiver; }
op own_clone(role r) { return r == role::sender ? op::clone_sender : op::clone_receiver; }

/// How many handles a thread has after the step; nothing if it cannot make it.
std::optional<unsigned> handles_after(const step& s, role r, unsigned handles) {
  if (handles == 0) return std::nullopt;
  if (s.op == own_drop(r)) return handles - 1;
  if (s.op == own_clone(r))
    return handles < most_handles ? std::optional(handles + 1) : std::nullopt;
  const bool own = r == role::sender ? spec::is_send(s.op) : spec::is_recv(s.op);
  return own ? std::optional(handles) : std::nullopt;
}

bool is_valid(const thread_program& t) {
  unsigned handles = 1;
  for (const step& s : t.steps) {
    const auto after = handles_after(s, t.role, handles);
    if (!after) return false;
    handles = *after;
  }
  return !t.drains || (t.role == role::receiver && handles != 0);
}

step random_step(random_source& random, role r, bool mpmc) {
  if (r == role::sender) {
    return random.one_of({send(0), send(0), send(0), send(0), send(0), try_send(0), try_send(0),
                          try_send(0), send_for(0), send_for(0), send_for(0), clone_sender(),
                          clone_sender(), drop_sender(), look_from_sender()});
  }
  const step copies = mpmc ? clone_receiver() : recv();
  return random.one_of({recv(), recv(), recv(), recv(), recv(), try_recv(), try_recv(), try_recv(),
                        recv_for(), recv_for(), recv_for(), copies, copies, drop_receiver(),
                        look_from_receiver()});
}

thread_program random_thread(random_source& random, role r, bool mpmc, std::size_t steps) {
  thread_program t{r, {}, false};
  unsigned handles = 1;
  while (handles != 0 && t.steps.size() < steps) {
    const step s = random_step(random, r, mpmc);
    const auto after = handles_after(s, r, handles);
    if (!after) continue;
    handles = *after;
    t.steps.push_back(s);
  }
  t.drains = r == role::receiver && handles != 0 && random.one_of({true, false, false});
  return t;
}

generated random_program(random_source& random) {
  generated g;
  const std::size_t threads = random.one_of<std::size_t>({2, 2, 3});
  g.mpmc = random.one_of({false, true});
  g.program.capacity = random.one_of<std::optional<std::size_t>>(
      {rendezvous, rendezvous, 1, 1, 2, unbounded, unbounded, unbounded});
  // Longer blocks are not compiled for mpmc with two threads.
  const bool short_blocks = g.mpmc && threads == 2;
  g.program.block_length = short_blocks ? 1 : random.one_of<std::size_t>({1, 2});
  const bool two_receivers = threads == 3 && g.mpmc && random.one_of({false, true});
  const std::size_t receivers = two_receivers ? 2 : 1;
  for (std::size_t t = 0; t < threads; ++t) {
    const role r = t < threads - receivers ? role::sender : role::receiver;
    const std::size_t steps = threads == 2 ? random.one_of<std::size_t>({1, 2, 2, 3})
                                           : random.one_of<std::size_t>({1, 1, 1, 2});
    g.program.threads.push_back(random_thread(random, r, g.mpmc, steps));
  }
  const bool without_memory = threads == 2 && !g.program.capacity;
  g.failed_allocations = without_memory ? random.one_of({0U, 0U, 1U}) : 0;
  if (g.program.capacity) g.program.block_length = 2;  // there are none
  number_values(g.program);
  return g;
}

generated random_selecting(random_source& random) {
  generated g;
  g.mpmc = random.one_of({false, true});
  g.selects = random_selects(random, g.mpmc);
  number_values(*g.selects);
  return g;
}

/// What the number of executions depends on.
struct calls {
  unsigned sends = 0;
  unsigned tries = 0;  ///< to receive
  unsigned waits = 0;  ///< to receive
  unsigned drains = 0;
  unsigned looks = 0;
};

calls calls_of(const check::program& p) {
  calls n;
  for (const thread_program& t : p.threads) {
    n.drains += t.drains ? 1 : 0;
    for (const step& s : t.steps) {
      n.looks += s.looks ? 1 : 0;
      n.sends += spec::is_send(s.op) && !s.looks ? 1 : 0;
      n.tries += s.op == op::try_recv ? 1 : 0;
      n.waits += (s.op == op::recv && !s.looks) || s.op == op::timed_recv ? 1 : 0;
    }
  }
  return n;
}

/// About twice the binary logarithm of the number of executions: fitted to programs that were
/// explored, and right to within a factor of 16 for nine out of ten.
unsigned estimated_size(const generated& g) {
  const calls n = calls_of(g.program);
  const bool three = g.program.threads.size() == 3;
  const bool meets = g.program.capacity == rendezvous;
  const unsigned pairs = std::min(n.sends, n.waits + n.tries + n.drains);
  const unsigned others = n.tries + n.drains + n.looks;
  const unsigned of_threads = three ? 2 + n.sends + 4 * n.waits + 2 * others : 0;
  const unsigned of_queue = !meets ? 6 * n.sends : n.sends + (three ? 2 : 5);
  return 4 + of_threads + of_queue + 2 * n.waits + 3 * n.drains + n.tries + 3 * n.looks +
         2 * pairs + 4 * g.failed_allocations;
}

constexpr unsigned greatest_size = 29;
constexpr std::uint64_t programs_for_one_with_selects = 4;

}  // namespace

std::string text(const step& s) {
  if (s.looks) return spec::is_send(s.op) ? "look_from_sender()" : "look_from_receiver()";
  const auto with_value = [&](const char* word) {
    return word + ("(" + std::to_string(s.value) + ")");
  };
  switch (s.op) {
    case op::send: return with_value("send");
    case op::try_send: return with_value("try_send");
    case op::timed_send: return with_value("send_for");
    case op::stoppable_send: return with_value("stoppable_send");
    case op::recv: return "recv()";
    case op::try_recv: return "try_recv()";
    case op::timed_recv: return "recv_for()";
    case op::stoppable_recv: return "stoppable_recv()";
    case op::clone_sender: return "clone_sender()";
    case op::drop_sender: return "drop_sender()";
    case op::clone_receiver: return "clone_receiver()";
    case op::drop_receiver: return "drop_receiver()";
    case op::close: return "close()";
    case op::closed: return "closed()";
    case op::try_closed: return "try_closed()";
    case op::timed_closed: return "closed_for()";
    case op::stoppable_closed: return "stoppable_closed()";
    case op::request_stop: break;
  }
  return "request_stop()";
}

std::string flavour_text(const std::optional<std::size_t>& capacity) {
  return !capacity        ? "unbounded"
         : *capacity == 0 ? "rendezvous"
                          : "capacity " + std::to_string(*capacity);
}

generated generate(std::uint64_t seed, std::uint64_t number) {
  random_source random(seed, number);
  if (number % programs_for_one_with_selects == programs_for_one_with_selects - 1) {
    for (;;) {
      generated g = random_selecting(random);
      if (estimated_size(*g.selects) <= greatest_selects) return g;
    }
  }
  for (;;) {
    generated g = random_program(random);
    if (estimated_size(g) <= greatest_size) return g;
  }
}

bool is_valid(const generated& g) {
  if (g.selects) return is_valid(*g.selects, g.mpmc);
  const auto& threads = g.program.threads;
  const unsigned receivers = g.program.handles(role::receiver);
  if (threads.size() < 2 || threads.size() > 3) return false;
  if (receivers == 0 || g.program.handles(role::sender) == 0) return false;
  if (threads.size() == 2 && g.mpmc && !g.program.capacity && g.program.block_length != 1)
    return false;
  const auto copies = [](const thread_program& t) {
    return std::ranges::find(t.steps, op::clone_receiver, &step::op) != t.steps.end();
  };
  if (!g.mpmc && (receivers > 1 || std::ranges::any_of(threads, copies))) return false;
  return std::ranges::all_of(threads, [](const thread_program& t) { return is_valid(t); });
}

std::size_t operations(const generated& g) {
  if (g.selects) return operations(*g.selects);
  std::size_t n = 0;
  for (const thread_program& t : g.program.threads) n += t.steps.size() + (t.drains ? 1 : 0);
  return n;
}

void number_values(check::program& p) {
  std::uint8_t last = 0;
  for (thread_program& t : p.threads) {
    for (step& s : t.steps) {
      if (spec::is_send(s.op) && !s.looks) s.value = ++last;
    }
  }
}

std::string text(const thread_program& t) {
  std::string steps;
  for (const step& s : t.steps) steps += (steps.empty() ? "" : ", ") + text(s);
  if (t.role == role::sender) return "sender({" + steps + "})";
  if (!t.drains) return "receiver({" + steps + "})";
  return steps.empty() ? "draining_receiver()" : "draining_receiver({" + steps + "})";
}

std::string text(const generated& g) {
  const auto& capacity = g.program.capacity;
  std::string line = g.mpmc ? "mpmc, " : "mpsc, ";
  if (g.selects) return line + text(*g.selects);
  line += flavour_text(capacity);
  if (!capacity) line += ", blocks of " + std::to_string(g.program.block_length);
  if (g.failed_allocations != 0) line += ", allocations may fail";
  line += ": ";
  for (const thread_program& t : g.program.threads)
    line += (&t == &g.program.threads.front() ? "" : ", ") + text(t);
  return line;
}

}  // namespace runnel::check::fuzz
