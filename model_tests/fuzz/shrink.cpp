// SPDX-License-Identifier: MIT
#include "shrink.hpp"

#include "step_text.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace runnel::check::fuzz {

namespace {

using spec::op;

class candidates {
 public:
  explicit candidates(const generated& from) : from_(from) {}

  /// Adds what `change` makes of the program, if that is valid.
  template <class Change>
  void add(Change change) {
    generated g = from_;
    change(g);
    if (!is_valid(g)) return;
    number_values(g.program);
    if (g.selects) number_values(*g.selects);
    all_.push_back(std::move(g));
  }
  std::vector<generated> take() { return std::move(all_); }

 private:
  const generated& from_;
  std::vector<generated> all_;
};

template <class T>
void erase(std::vector<T>& from, std::size_t place) {
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(place));
}

void drop_threads(candidates& all, const generated& g) {
  for (std::size_t t = 0; t < g.program.threads.size(); ++t)
    all.add([t](generated& fewer) { erase(fewer.program.threads, t); });
}

void drop_steps(candidates& all, const generated& g) {
  for (std::size_t t = 0; t < g.program.threads.size(); ++t) {
    for (std::size_t i = 0; i < g.program.threads[t].steps.size(); ++i)
      all.add([t, i](generated& fewer) { erase(fewer.program.threads[t].steps, i); });
  }
}

/// A thread that drains goes on without, or receives once.
void drain_less(candidates& all, const generated& g) {
  for (std::size_t t = 0; t < g.program.threads.size(); ++t) {
    if (!g.program.threads[t].drains) continue;
    const auto without = [&all, t](std::vector<step> instead) {
      all.add([&](generated& less) {
        thread_program& thread = less.program.threads[t];
        thread.drains = false;
        thread.steps.insert(thread.steps.end(), instead.begin(), instead.end());
      });
    };
    without({});
    without({recv()});
  }
}

void replace_steps(candidates& all, const generated& g) {
  for (std::size_t t = 0; t < g.program.threads.size(); ++t) {
    const auto& steps = g.program.threads[t].steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const op o : simpler_than(steps[i].op))
        all.add([t, i, o](generated& other) { other.program.threads[t].steps[i].op = o; });
    }
  }
}

void simplify_channel(candidates& all, const generated& g) {
  if (g.failed_allocations != 0) all.add([](generated& with) { with.failed_allocations = 0; });
  if (g.mpmc) all.add([](generated& one) { one.mpmc = false; });
  if (g.program.capacity && *g.program.capacity > 1)
    all.add([](generated& smaller) { smaller.program.capacity = 1; });
  if (!g.program.capacity && g.program.block_length > 1)
    all.add([](generated& shorter) { shorter.program.block_length = 1; });
}

/// The programs of two kinds have no more in common.
void simplify_selects(candidates& all, const generated& g) {
  for (const select_program& s : simpler(*g.selects))
    all.add([&s](generated& other) { other.selects = s; });
  if (g.mpmc) all.add([](generated& one) { one.mpmc = false; });
}

}  // namespace

std::vector<op> simpler_than(op o) {
  switch (o) {
    case op::timed_send: return {op::send, op::try_send};
    case op::try_send: return {op::send};
    case op::timed_recv: return {op::recv, op::try_recv};
    case op::try_recv: return {op::recv};
    default: return {};
  }
}

std::vector<generated> simpler(const generated& g) {
  candidates all(g);
  if (g.selects) {
    simplify_selects(all, g);
    return all.take();
  }
  drop_threads(all, g);
  drop_steps(all, g);
  drain_less(all, g);
  replace_steps(all, g);
  simplify_channel(all, g);
  return all.take();
}

generated shrink(generated failing, const std::function<bool(const generated&)>& fails) {
  for (;;) {
    auto all = simpler(failing);
    const auto found = std::ranges::find_if(all, fails);
    if (found == all.end()) return failing;
    failing = std::move(*found);
  }
}

}  // namespace runnel::check::fuzz
