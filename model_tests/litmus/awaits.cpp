// SPDX-License-Identifier: MIT
//
// Threads that wait for a value, that stop, or that choose.
#include "program.hpp"

namespace runnel::litmus {

namespace {

std::vector<program> waits() {
  return {
      {"MP+await",
       1,
       {"a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.see('a', m.await(y, equal(1), acq));
          m.read('b', x, rlx);
        }}},
      {"MP+relaxed await",
       2,
       {"a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.see('a', m.await(y, equal(1), rlx));
          m.read('b', x, rlx);
        }}},
      {"two writers of what is waited for",
       4,
       {"a=1 x=1", "a=1 x=2", "a=2 x=1", "a=2 x=2"},
       {[](machine& m) { m.store(x, 1, rel); }, [](machine& m) { m.store(x, 2, rel); },
        [](machine& m) { m.see('a', m.await(x, unequal(0), acq)); }},
       "x"},
      {"ping and pong",
       1,
       {"a=1 b=2 y=3"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.see('b', m.await(y, equal(2), acq));
          m.store(y, 3, rlx);
        },
        [](machine& m) {
          m.see('a', m.await(x, equal(1), acq));
          m.store(y, 2, rel);
        }},
       "y"},
      {"who waits may see the past",
       2,
       {"a=1 x=2", "a=2 x=2"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.store(x, 2, rel);
        },
        [](machine& m) { m.see('a', m.await(x, above(0), acq)); }},
       "x"},
      {"a lock is waited for and taken",
       4,
       {"a=0 b=1 x=0", "a=1 b=0 x=0"},
       {[](machine& m) {
          m.await(x, equal(0), rlx);
          m.assume(m.cas(x, 0, 1, acq, rlx));
          m.see('a', m.load(y, rlx));
          m.store(y, 1, rlx);
          m.store(x, 0, rel);
        },
        [](machine& m) {
          m.await(x, equal(0), rlx);
          m.assume(m.cas(x, 0, 1, acq, rlx));
          m.see('b', m.load(y, rlx));
          m.store(y, 1, rlx);
          m.store(x, 0, rel);
        }},
       "x",
       4,
       {}},
  };
}

std::vector<program> choices() {
  return {
      {"a choice of a value",
       6,
       {"a=0 b=0", "a=1 b=0", "a=2 b=0", "a=0 b=1", "a=1 b=2", "a=2 b=3"},
       {[](machine& m) {
          const int a = m.choose(3);
          m.see('a', a);
          m.store(x, a + 1, rlx);
        },
        [](machine& m) { m.read('b', x, rlx); }}},
      {"a choice to give up",
       3,
       {"a=0", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) { m.store(x, 1, rel); },
        [](machine& m) {
          const int chosen = m.choose(2);
          m.see('a', chosen);
          if (chosen == 1) m.read('b', x, acq);
        }}},
      {"a choice after a read that may see more",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.read('a', x, rlx);
          m.see('b', m.choose(2));
        },
        [](machine& m) { m.store(x, 1, rlx); }}},
      {"choices of two threads",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) { m.see('a', m.choose(2)); }, [](machine& m) { m.see('b', m.choose(2)); }}},
      {"a choice that depends on what is read",
       4,
       {"a=0", "a=3 b=0", "a=3 b=1", "a=3 b=2"},
       {[](machine& m) { m.store(x, 3, rlx); },
        [](machine& m) {
          if (m.read('a', x, rlx) != 0) m.see('b', m.choose(3));
        }}},
  };
}

/// Executions in which an assumption is wrong do not count.
std::vector<program> assumptions() {
  return {
      {"psc-ar",
       1,
       {"a=1 b=0 c=1"},
       {[](machine& m) {
          m.assume(m.read('a', y, rlx) == 1);
          m.fence(sc);
          m.assume(m.read('b', z, rlx) == 0);
        },
        [](machine& m) {
          m.store(z, 1, rlx);
          m.fence(sc);
          m.store(x, 1, rlx);
        },
        [](machine& m) {
          const int c = m.read('c', x, rlx);
          if (c == 1) m.store(y, 1, rlx);
          m.assume(c == 1);
        }},
       "",
       4,
       {}},
      {"psc-sbhbsb",
       1,
       {"a=1 b=0"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(y, 1, sc);
        },
        [](machine& m) {
          m.assume(m.read('a', x, acq) == 1);
          m.assume(m.read('b', y, sc) == 0);
        }},
       "",
       4,
       {}},
      {"WWR+2WR",
       0,
       {},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(y, 1, sc);
          m.assume(m.load(z, sc) == 0);
        },
        [](machine& m) {
          m.store(z, 1, sc);
          m.assume(m.load(y, sc) == 2);
        },
        [](machine& m) {
          m.store(y, 2, sc);
          m.assume(m.load(x, sc) == 0);
        }},
       "",
       4,
       {}},
      {"psc-base-notin-ar",
       2,
       {"a=2 b=2 y=1", "a=2 b=2 y=2"},
       {[](machine& m) {
          m.assume(m.read('a', x, rlx) == 2);
          m.store(y, 1, sc);
        },
        [](machine& m) { m.store(y, 2, sc); },
        [](machine& m) {
          const int b = m.read('b', y, rlx);
          m.assume(b == 2);
          m.store(x, b, rlx);
        }},
       "y",
       4,
       {}},
      {"assume-ctrl",
       4,
       {"x=1 y=4"},
       {[](machine& m) {
          m.assume(m.load(y, rlx) < 2 || m.load(y, rlx) > 3);
          m.store(x, 1, rlx);
        },
        [](machine& m) {
          m.assume(m.load(x, rlx) < 3);
          m.store(y, 3, rlx);
          m.fence(sc);
          m.store(y, 4, rlx);
        }},
       "xy",
       4,
       {}},
  };
}

}  // namespace

std::vector<program> await_programs() {
  std::vector<program> all = waits();
  for (auto* more : {choices, assumptions}) {
    for (program& p : more()) all.push_back(std::move(p));
  }
  return all;
}

}  // namespace runnel::litmus
