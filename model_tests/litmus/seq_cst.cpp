// SPDX-License-Identifier: MIT
//
// The axiom on seq_cst events: fences, accesses, and both together with weaker ones to the same
// location.
#include "program.hpp"

namespace runnel::litmus {

namespace {

program two_stores(std::string name, std::uint64_t executions, outcomes allowed, order first_x,
                   order first_y, order second_y, order second_x) {
  return {std::move(name),
          executions,
          std::move(allowed),
          {[=](machine& m) {
             m.store(x, 1, first_x);
             m.store(y, 2, first_y);
           },
           [=](machine& m) {
             m.store(y, 1, second_y);
             m.store(x, 2, second_x);
           }},
          "xy"};
}

const outcomes not_both_first{"x=1 y=2", "x=2 y=1", "x=2 y=2"};
const outcomes both_first_too{"x=1 y=1", "x=1 y=2", "x=2 y=1", "x=2 y=2"};

std::vector<program> two_and_two_writes() {
  return {
      two_stores("2+2W+4sc", 3, not_both_first, sc, sc, sc, sc),
      two_stores("2+2W+3sc+rel1", 4, both_first_too, sc, sc, rel, sc),
      two_stores("2+2W+3sc+rel2", 4, both_first_too, sc, sc, sc, rel),
      {"2+2W+scfs",
       3,
       not_both_first,
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.fence(sc);
          m.store(y, 2, rlx);
        },
        [](machine& m) {
          m.store(y, 1, rlx);
          m.fence(sc);
          m.store(x, 2, rlx);
        }},
       "xy"},
      {"2+2W+2sc+scf",
       3,
       not_both_first,
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(y, 2, sc);
        },
        [](machine& m) {
          m.store(y, 1, rlx);
          m.fence(sc);
          m.store(x, 2, rlx);
        }},
       "xy"},
  };
}

program iriw(std::string name, std::uint64_t executions, outcomes allowed, order store, order first,
             order second, bool fences) {
  const auto readers = [=](char a, unsigned one, char b, unsigned other) {
    return [=](machine& m) {
      m.read(a, one, first);
      if (fences) m.fence(sc);
      m.read(b, other, second);
    };
  };
  return {std::move(name),
          executions,
          std::move(allowed),
          {[=](machine& m) { m.store(x, 1, store); }, readers('a', x, 'b', y),
           readers('c', y, 'd', x), [=](machine& m) { m.store(y, 1, store); }}};
}

std::vector<program> independent_reads() {
  const outcomes all = outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}, {'d', 2}});
  const outcomes one_order = all.but("a=1 b=0 c=1 d=0");
  return {
      iriw("IRIW-acq-sc", 16, all, sc, acq, sc, false),
      iriw("IRIW+sc", 15, one_order, sc, sc, sc, false),
      iriw("IRIW+acq", 16, all, rel, acq, acq, false),
      iriw("IRIW+scfs", 15, one_order, rlx, rlx, rlx, true),
  };
}

/// Store buffering through a third thread.
std::vector<program> fences_and_a_third_thread() {
  const outcomes ordered = outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=1 b=0 c=0");
  const body fenced_store = [](machine& m) {
    m.store(y, 1, rlx);
    m.fence(sc);
    m.read('c', x, rlx);
  };
  return {
      {"RWC+syncs",
       7,
       ordered,
       {[](machine& m) { m.store(x, 1, rlx); },
        [](machine& m) {
          m.read('a', x, rlx);
          m.fence(sc);
          m.read('b', y, rlx);
        },
        fenced_store}},
      {"W+RWC",
       7,
       ordered,
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(z, 1, rel);
        },
        [](machine& m) {
          m.read('a', z, acq);
          m.fence(sc);
          m.read('b', y, rlx);
        },
        fenced_store}},
      {"W+RWC with seq_cst accesses",
       7,
       ordered,
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(z, 1, rel);
        },
        [](machine& m) {
          m.read('a', z, acq);
          m.read('b', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('c', x, sc);
        }}},
      {"W+RWC with seq_cst accesses and a relaxed flag",
       8,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}),
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(z, 1, rlx);
        },
        [](machine& m) {
          m.read('a', z, acq);
          m.read('b', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('c', x, sc);
        }}},
      {"peterZ",
       7,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=0 b=1 c=0"),
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.fence(sc);
          m.read('a', y, rlx);
        },
        [](machine& m) {
          m.store(y, 1, rlx);
          m.store(z, 1, rel);
        },
        [](machine& m) {
          m.read('b', z, acq);
          m.fence(sc);
          m.read('c', x, rlx);
        }}},
      {"Z6+acq",
       7,
       {"a=0 b=0 z=1", "a=0 b=0 z=2", "a=0 b=1 z=1", "a=0 b=1 z=2", "a=1 b=0 z=1", "a=1 b=1 z=1",
        "a=1 b=1 z=2"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.fence(sc);
          m.store(y, 1, rlx);
        },
        [](machine& m) {
          m.read('a', y, acq);
          m.store(z, 1, rlx);
        },
        [](machine& m) {
          m.store(z, 2, rlx);
          m.fence(sc);
          m.read('b', x, rlx);
        }},
       "z"},
  };
}

/// seq_cst and weaker accesses to one location: the reason for which RC11 changed C++11's rules.
///
/// Of Z6.U GenMC counts 22, of WWmerge1 17: its seq_cst axiom takes sb;hb;sb, where RC11 has
/// sb≠loc;hb;sb≠loc. That forbids what Z6.U and WWmerge1 were written to show as allowed. The tests
/// of the reference explorer count both ways. C++20 has sb;hb;sb as well, but a read-modify-write is one operation
/// there: so it allows all of Z6.U.
std::vector<program> mixed() {
  return {
      {"Z6.U",
       24,
       {"a=1 b=0 y=1", "a=1 b=0 y=3", "a=1 b=1 y=1", "a=1 b=1 y=3", "a=2 b=0 y=2", "a=2 b=0 y=3",
        "a=2 b=1 y=2", "a=2 b=1 y=3", "a=3 b=0 y=1", "a=3 b=0 y=3", "a=3 b=1 y=1", "a=3 b=1 y=3",
        "a=4 b=0 y=1", "a=4 b=0 y=4", "a=4 b=1 y=1", "a=4 b=1 y=4"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.fetch_add(y, 1, sc);
          m.read('a', y, rlx);
        },
        [](machine& m) {
          m.store(y, 3, sc);
          m.read('b', x, sc);
        }},
       "y"},
      {.name = "WWmerge1",
       .executions = 18,
       .allowed = outcomes::every({{'a', 3}, {'b', 2}, {'c', 3}}),
       .threads = {[](machine& m) {
                     m.read('a', x, acq);
                     m.read('b', y, sc);
                   },
                   [](machine& m) {
                     m.store(x, 1, sc);
                     m.store(x, 2, sc);
                   },
                   [](machine& m) {
                     m.store(y, 1, sc);
                     m.read('c', x, sc);
                   }},
       .executions_cxx20 = 17},
      // C++20 orders the reads of x by what they read, whatever has written that.
      {.name = "IRIW of relaxed writes by seq_cst reads",
       .executions = 16,
       .allowed = outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}, {'d', 2}}),
       .threads = {[](machine& m) { m.store(x, 1, rlx); }, [](machine& m) { m.store(y, 1, rlx); },
                   [](machine& m) {
                     m.read('a', x, sc);
                     m.read('b', y, sc);
                   },
                   [](machine& m) {
                     m.read('c', y, sc);
                     m.read('d', x, sc);
                   }},
       .executions_cxx20 = 15},
      // To C++20 the fence happens before 'b', but not strongly: nothing that is sequenced after it does. The
      // write of y comes after both all the same.
      {"a fence that synchronizes, and a seq_cst read",
       7,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=1 b=0 c=0"),
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.fence(sc);
          m.store(z, 1, rlx);
        },
        [](machine& m) {
          m.read('a', z, acq);
          m.read('b', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('c', x, sc);
        }}},
      {"WWmerge2",
       8,
       outcomes::every({{'a', 3}, {'b', 2}, {'c', 3}}).but("a=1").but("c=1"),
       {[](machine& m) {
          m.read('a', x, acq);
          m.read('b', y, sc);
        },
        [](machine& m) { m.store(x, 2, sc); },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('c', x, sc);
        }}},
      {"SB with a relaxed write between",
       5,
       {"a=0 b=1", "a=0 b=2", "a=1 b=0", "a=1 b=1", "a=1 b=2"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.store(x, 2, rlx);
          m.read('a', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('b', x, sc);
        }}},
      {"SB with an acquire read of its own write",
       3,
       {"a=1 b=0 c=1", "a=1 b=1 c=0", "a=1 b=1 c=1"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.read('a', x, acq);
          m.read('b', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.read('c', x, sc);
        }}},
      {"MP+sc flag, relaxed data",
       3,
       {"a=0 b=0", "a=0 b=1", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, sc);
        },
        [](machine& m) {
          m.read('a', y, sc);
          m.read('b', x, rlx);
        }}},
      {"SB with failing compare-exchanges of seq_cst",
       3,
       {"a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.see('a', m.compare_exchange(y, 5, 6, rlx, sc));
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.see('b', m.compare_exchange(x, 5, 6, rlx, sc));
        }}},
      {"SB with failing compare-exchanges that are relaxed",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.store(x, 1, sc);
          m.see('a', m.compare_exchange(y, 5, 6, sc, rlx));
        },
        [](machine& m) {
          m.store(y, 1, sc);
          m.see('b', m.compare_exchange(x, 5, 6, sc, rlx));
        }}},
  };
}

}  // namespace

std::vector<program> seq_cst_programs() {
  std::vector<program> all = two_and_two_writes();
  for (auto* more : {independent_reads, fences_and_a_third_thread, mixed}) {
    for (program& p : more()) all.push_back(std::move(p));
  }
  return all;
}

}  // namespace runnel::litmus
