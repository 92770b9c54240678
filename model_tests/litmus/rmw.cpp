// SPDX-License-Identifier: MIT
//
// Read-modify-writes: nothing comes between the write that one reads from and its own.
#include "program.hpp"

namespace runnel::litmus {

namespace {

const body increment = [](machine& m) { m.fetch_add(x, 1, rlx); };

std::vector<program> increments() {
  return {
      {"rii",
       3,
       {"a=0 x=2", "a=1 x=2", "a=2 x=2"},
       {[](machine& m) { m.read('a', x, rlx); },
        [](machine& m) {
          m.fetch_add(x, 1, rlx);
          m.fetch_add(x, 1, rlx);
        }},
       "x"},
      {"inc2w",
       6,
       {"x=4", "x=5", "x=6", "x=7"},
       {increment, [](machine& m) { m.store(x, 4, rel); },
        [](machine& m) { m.fetch_add(x, 2, rlx); }},
       "x"},
      {"rinc+wr",
       3,
       {"a=2 x=2", "a=2 x=3", "a=3 x=3"},
       {[](machine& m) { m.fetch_add(x, 1, rlx); },
        [](machine& m) {
          m.store(x, 2, rlx);
          m.read('a', x, rlx);
        }},
       "x"},
      {"RMWFix",
       4,
       {"a=0 x=1", "a=42 x=3"},
       {[](machine& m) {
          if (m.read('a', y, sc) == 0) return;
          m.fetch_add(x, 1, sc);
          m.fetch_add(x, 1, sc);
        },
        [](machine& m) { m.fetch_add(x, 1, sc); }, [](machine& m) { m.store(y, 42, sc); }},
       "x"},
      {"inc+inc+RR+W+RR",
       600,
       {"x=42", "x=43", "x=44"},
       {increment, increment,
        [](machine& m) {
          m.load(x, rlx);
          m.load(x, rlx);
        },
        [](machine& m) { m.store(x, 42, rlx); },
        [](machine& m) {
          m.load(x, rlx);
          m.load(x, rlx);
        }},
       "x"},
      {"LB+incMPs",
       15,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}, {'d', 2}}).but("a=1 b=1 c=1 d=1"),
       {[](machine& m) {
          m.read('a', x, acq);
          m.fetch_add(z, 1, acq_rel);
        },
        [](machine& m) {
          m.see('b', m.fetch_add(z, 1, acq_rel));
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.read('c', y, acq);
          m.fetch_add(w, 1, acq_rel);
        },
        [](machine& m) {
          m.see('d', m.fetch_add(w, 1, acq_rel));
          m.store(x, 1, rel);
        }}},
      {"atomicpo",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.store(y, 1, rlx);
          m.fence(acq_rel);
          m.store(x, 1, rlx);
        },
        [](machine& m) {
          m.see('a', m.exchange(x, 1, rlx));
          m.see('b', m.exchange(y, 1, rlx));
        }}},
      {"riwi",
       3,
       {"a=0 x=2", "a=1 x=2"},
       {[](machine& m) {
          m.read('a', y, rlx);
          m.fetch_add(x, 1, rlx);
        },
        [](machine& m) {
          m.fetch_add(x, 1, rlx);
          m.store(y, 1, rel);
        }},
       "x"},
  };
}

std::vector<program> compare_exchanges() {
  return {
      {"ccr",
       2,
       {"a=1 b=0 c=42", "a=0 b=1 c=17"},
       {[](machine& m) { m.see('a', m.cas(x, 0, 42, rlx, rlx) ? 1 : 0); },
        [](machine& m) {
          m.see('b', m.cas(x, 0, 17, rlx, rlx) ? 1 : 0);
          m.read('c', x, rlx);
        }}},
      {"cii",
       6,
       {"a=0 x=2", "a=1 x=3", "a=2 x=2"},
       {[](machine& m) { m.see('a', m.compare_exchange(x, 1, 2, rlx, rlx)); }, increment,
        increment},
       "x"},
      {"wcii",
       24,
       {"a=0 x=5", "a=0 x=6", "a=0 x=7", "a=1 x=5", "a=1 x=6", "a=2 x=5", "a=5 x=5", "a=5 x=6",
        "a=5 x=7", "a=6 x=6", "a=6 x=7", "a=7 x=7"},
       {[](machine& m) { m.store(x, 5, rel); },
        [](machine& m) { m.see('a', m.compare_exchange(x, 1, 2, rlx, rlx)); }, increment,
        increment},
       "x"},
      {"casdep",
       2,
       {"a=0 y=2", "a=2 y=2"},
       {[](machine& m) {
          const int a = m.load(x, rlx);
          m.see('a', m.compare_exchange(y, a, 1, rlx, rlx));
          m.store(z, a, rlx);
        },
        [](machine& m) { m.store(y, 2, rlx); }},
       "y"},
      {"ori",
       5,
       {"a=0 b=0 x=2", "a=0 b=1 x=4", "a=1 b=0 x=1", "a=1 b=1 x=4", "a=4 b=1 x=4"},
       {[](machine& m) {
          m.fetch_add(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) { m.see('a', m.compare_exchange(x, 0, 1, acq, acq)); },
        [](machine& m) {
          if (m.read('b', y, rlx) != 0) m.store(x, 4, rel);
        }},
       "x"},
      // What fails is a read with the failure order: here it sees the data, or need not.
      {"MP+failing acquire",
       3,
       {"a=0 b=0", "a=0 b=1", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.see('a', m.compare_exchange(y, 5, 6, rlx, acq));
          m.read('b', x, rlx);
        }}},
      {"MP+failing relaxed",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.see('a', m.compare_exchange(y, 5, 6, acq, rlx));
          m.read('b', x, rlx);
        }}},
      {"MP+acquire if it succeeds",
       3,
       {"a=0 b=0", "a=0 b=1", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.see('a', m.compare_exchange(y, 1, 2, acq, rlx));
          m.read('b', x, rlx);
        }}},
  };
}

}  // namespace

std::vector<program> rmw_programs() {
  std::vector<program> all = increments();
  for (program& p : compare_exchanges()) all.push_back(std::move(p));
  return all;
}

}  // namespace runnel::litmus
