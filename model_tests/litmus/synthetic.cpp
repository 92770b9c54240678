// SPDX-License-Identifier: MIT
//
// Programs of any size, whose numbers grow by a known rule or are known from another tool.
#include "program.hpp"

namespace runnel::litmus {

namespace {

std::string numbered(const char* name, unsigned n) {
  return std::string(name) + ' ' + std::to_string(n);
}

std::string final_x(unsigned value) { return "x=" + std::to_string(value); }

/// n increments: n! orders.
program increments(unsigned n, std::uint64_t executions) {
  return {numbered("ainc", n),
          executions,
          {final_x(n)},
          std::vector<body>(n, [](machine& m) { m.fetch_add(x, 1, rlx); }),
          "x",
          1};
}

program double_increments(unsigned n, std::uint64_t executions) {
  return {numbered("binc", n),
          executions,
          {final_x(n) + " y=" + std::to_string(n)},
          std::vector<body>(n,
                            [](machine& m) {
                              m.fetch_add(x, 1, rlx);
                              m.fetch_add(y, 1, rlx);
                            }),
          "xy",
          2,
          {},
          n < 4};
}

/// Thread i goes from i to i + 1, if it comes at the right time.
program rotation(unsigned n, std::uint64_t executions) {
  program p{numbered("casrot", n), executions, {}, {}, "x", 1};
  for (unsigned i = 0; i < n; ++i) {
    const int from = static_cast<int>(i);
    p.threads.emplace_back([from](machine& m) { m.cas(x, from, from + 1, rlx, rlx); });
    p.allowed = p.allowed.with(final_x(i + 1));
  }
  p.small = n < 6;
  return p;
}

program compare_exchanges_and_writes(unsigned n, std::uint64_t executions) {
  program p{numbered("casw", n), executions, {}, {}, "x", 1};
  for (unsigned i = 0; i < n; ++i) {
    const int mine = static_cast<int>(i) + 4;
    p.threads.emplace_back([mine](machine& m) {
      m.cas(x, 0, 1, rlx, rlx);
      m.store(x, mine, rel);
    });
    p.allowed = p.allowed.with(final_x(i + 4));
  }
  p.small = n < 4;
  return p;
}

/// Each of n threads reads its neighbour's location and writes its own; one looks for a zero.
program last_zero(unsigned n, std::uint64_t executions) {
  program p{numbered("lastzero", n), executions, {}, {}, "", n + 1};
  p.threads.emplace_back([n](machine& m) {
    unsigned i = n;
    while (m.load(i, acq) != 0) --i;
    m.see('a', static_cast<int>(i));
  });
  for (unsigned i = 1; i <= n; ++i) {
    p.threads.emplace_back([i](machine& m) { m.store(i, m.load(i - 1, acq) + 1, rel); });
  }
  for (unsigned i = 0; i <= n; ++i) p.allowed = p.allowed.with("a=" + std::to_string(i));
  p.small = false;
  return p;
}

program coherence_with_writers(unsigned n, std::uint64_t executions) {
  program p{numbered("CoA", n),
            executions,
            {"a=1 b=2", "a=1 b=1", "a=2 b=2"},
            {[](machine& m) {
               m.store(x, 1, rel);
               m.load(y, acq);
               m.read('a', x, acq);
             },
             [](machine& m) {
               m.store(x, 2, rel);
               m.load(z, acq);
               m.read('b', x, acq);
             }},
            "",
            3};
  for (unsigned i = 1; i < n; ++i) {
    const int value = static_cast<int>(i) - 1;
    p.threads.emplace_back([value](machine& m) {
      m.store(y, value, rel);
      m.store(z, value, rel);
    });
  }
  return p;
}

program readers(unsigned n, std::uint64_t executions) {
  program p{numbered("readers", n), executions, {final_x(42)}, {}, "x", 1};
  p.threads.emplace_back([](machine& m) { m.store(x, 42, rel); });
  for (unsigned i = 0; i < n; ++i) p.threads.emplace_back([](machine& m) { m.load(x, acq); });
  p.small = n < 8;
  return p;
}

/// n threads read and write a location; the writer of 1 comes in addition.
program write_read_write(unsigned n, std::uint64_t executions) {
  program p{numbered("wrw", n), executions, {}, {}, "x", 1};
  p.threads.emplace_back([](machine& m) { m.store(x, 1, rel); });
  p.allowed = p.allowed.with(final_x(1));
  for (unsigned i = 0; i < n; ++i) {
    const int value = static_cast<int>(i) + 10;
    p.threads.emplace_back([value](machine& m) {
      m.load(x, rlx);
      m.store(x, value, rel);
    });
    p.allowed = p.allowed.with(final_x(i + 10));
  }
  p.small = n < 3;
  return p;
}

program peterson() {
  const auto enter = [](machine& m, unsigned mine, unsigned other, int me, char seen) {
    m.store(mine, 1, rel);
    m.store(z, me, rel);
    m.assume(m.load(other, acq) != 1 || m.load(z, acq) != me);
    m.store(w, me, rel);
    m.read(seen, w, acq);
    m.store(mine, 0, rel);
  };
  return {
      "peterson",
      22,
      outcomes::every({{'a', 2}, {'b', 2}}).but("a=0 b=1"),
      {[=](machine& m) { enter(m, x, y, 1, 'a'); }, [=](machine& m) { enter(m, y, x, 0, 'b'); }},
      "",
      4,
      {}};
}

/// Two flags with fences: not both threads enter.
program dekker() {
  const auto enter = [](machine& m, unsigned mine, unsigned other, int me, char entered) {
    m.store(mine, 1, rlx);
    m.fence(sc);
    const bool alone = m.load(other, rlx) == 0;
    m.see(entered, alone ? 1 : 0);
    if (!alone) return;
    m.store(z, me, rlx);
    m.load(z, rlx);
  };
  return {
      "dekker_f",
      3,
      {"a=0 b=0", "a=0 b=1", "a=1 b=0"},
      {[=](machine& m) { enter(m, y, x, 1, 'a'); }, [=](machine& m) { enter(m, x, y, 2, 'b'); }},
      "",
      3};
}

/// Two threads add each other's number five times; a third looks at the sums.
program fibonacci() {
  const auto sums = [](unsigned mine) {
    return [mine](machine& m) {
      for (int i = 0; i < 5; ++i) {
        const int a = m.load(x, acq);
        const int b = m.load(y, acq);
        m.store(mine, a + b, rel);
      }
    };
  };
  return {"fib_bench",
          525630,
          {"a=0"},
          {sums(x), sums(y),
           [](machine& m) { m.see('a', m.load(x, acq) > 144 || m.load(y, acq) > 144 ? 1 : 0); }},
          "",
          2,
          {1, 1},
          false};
}

/// Two threads write two locations three times each, two others read them.
program big() {
  const auto writes = [](unsigned first, unsigned second) {
    return [=](machine& m) {
      for (int i = 1; i <= 3; ++i) {
        m.store(first, i, rel);
        m.store(second, i, rel);
      }
    };
  };
  return {"big0",
          82472,
          {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
          {[](machine& m) {
             for (const unsigned l : {x, y, z, w, x, y}) m.load(l, acq);
             m.see('a', m.load(z, acq) == 3 ? 1 : 0);
           },
           [](machine& m) {
             for (const unsigned l : {x, y}) m.load(l, acq);
             m.see('b', m.load(z, acq) == 3 ? 1 : 0);
           },
           writes(x, y), writes(z, w)},
          "",
          4,
          {},
          false};
}

}  // namespace

std::vector<program> synthetic_programs() {
  return {
      increments(2, 2),
      increments(3, 6),
      increments(4, 24),
      increments(5, 120),
      double_increments(2, 4),
      double_increments(3, 36),
      double_increments(4, 576),
      rotation(2, 2),
      rotation(3, 5),
      rotation(4, 14),
      rotation(5, 43),
      rotation(6, 144),
      compare_exchanges_and_writes(2, 6),
      compare_exchanges_and_writes(3, 66),
      compare_exchanges_and_writes(4, 1200),
      last_zero(5, 64),
      last_zero(10, 3328),
      last_zero(15, 147456),
      coherence_with_writers(1, 4),
      coherence_with_writers(2, 16),
      coherence_with_writers(3, 144),
      readers(2, 4),
      readers(8, 256),
      readers(13, 8192),
      write_read_write(2, 22),
      write_read_write(3, 300),
      write_read_write(4, 6576),
      peterson(),
      dekker(),
      fibonacci(),
      big(),
  };
}

}  // namespace runnel::litmus
