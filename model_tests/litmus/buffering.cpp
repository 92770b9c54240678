// SPDX-License-Identifier: MIT
//
// Store buffering, which only seq_cst forbids, and load buffering, which RC11 forbids always: no
// read takes its value from a write that depends on it, or comes after it and writes what somebody
// else has read.
#include "program.hpp"

namespace runnel::litmus {

namespace {

const outcomes each_sees_anything{"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"};
const outcomes one_sees_the_other{"a=0 b=1", "a=1 b=0", "a=1 b=1"};
const outcomes not_both{"a=0 b=0", "a=0 b=1", "a=1 b=0"};

program store_buffering(std::string name, std::uint64_t executions, const outcomes& allowed,
                        order first_store, order first_load, order second_store,
                        order second_load) {
  return {std::move(name),
          executions,
          allowed,
          {[=](machine& m) {
             m.store(x, 1, first_store);
             m.read('a', y, first_load);
           },
           [=](machine& m) {
             m.store(y, 1, second_store);
             m.read('b', x, second_load);
           }}};
}

program load_buffering(std::string name, order load, order store) {
  return {std::move(name),
          3,
          not_both,
          {[=](machine& m) {
             m.read('a', x, load);
             m.store(y, 1, store);
           },
           [=](machine& m) {
             m.read('b', y, load);
             m.store(x, 1, store);
           }}};
}

program fenced(std::string name, std::uint64_t executions, const outcomes& allowed, order first,
               order second) {
  return {std::move(name),
          executions,
          allowed,
          {[=](machine& m) {
             m.store(x, 1, rlx);
             m.fence(first);
             m.read('a', y, rlx);
           },
           [=](machine& m) {
             m.store(y, 1, rlx);
             m.fence(second);
             m.read('b', x, rlx);
           }}};
}

std::vector<program> dependencies() {
  return {
      {"LB+dep",
       3,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0"},
       {[](machine& m) { m.store(y, m.read('a', x, rlx) + 1, rlx); },
        [](machine& m) { m.store(x, m.read('b', y, rlx) + 1, rlx); }},
       ""},
      {"LB+ctrl",
       3,
       {"a=0 b=0 x=1 y=1", "a=0 b=1 x=2 y=1", "a=1 b=0 x=1 y=2"},
       {[](machine& m) { m.store(y, m.read('a', x, rlx) == 0 ? 1 : 2, rlx); },
        [](machine& m) { m.store(x, m.read('b', y, rlx) == 0 ? 1 : 2, rlx); }},
       "xy"},
      {"LB3",
       7,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=1 b=1 c=1"),
       {[](machine& m) {
          m.read('a', x, rlx);
          m.store(y, 1, rlx);
        },
        [](machine& m) {
          m.read('b', y, rlx);
          m.store(z, 1, rlx);
        },
        [](machine& m) {
          m.read('c', z, rlx);
          m.store(x, 1, rlx);
        }}},
      {"TC1",
       3,
       {"a=0 b=0", "a=0 b=1"},
       {[](machine& m) {
          if (m.read('a', x, rlx) >= 0) m.store(y, 1, rlx);
        },
        [](machine& m) { m.store(x, m.read('b', y, rlx), rlx); }}},
      {"TC2",
       4,
       {"a=0 b=0 c=0", "a=0 b=0 c=1"},
       {[](machine& m) {
          const int a = m.read('a', x, rlx);
          const int b = m.read('b', x, rlx);
          if (a == b) m.store(y, 1, rlx);
        },
        [](machine& m) { m.store(x, m.read('c', y, rlx), rlx); }}},
      {"rfi-preserved",
       3,
       {"a=0 b=1 c=0", "a=0 b=1 c=1"},
       {[](machine& m) {
          m.read('a', x, rlx);
          m.store(y, 1, rel);
          m.store(z, m.read('b', y, rlx), rlx);
        },
        [](machine& m) { m.store(x, m.read('c', z, rlx), rlx); }}},
      {"detour",
       9,
       {"a=0 b=-1 c=-1", "a=0 b=-1 c=0", "a=0 b=1 c=0", "a=0 b=1 c=1"},
       {[](machine& m) { m.store(x, 1, rlx); },
        [](machine& m) {
          m.store(x, m.read('a', z, rlx) - 1, rlx);
          m.store(y, m.read('b', x, rlx), rlx);
        },
        [](machine& m) { m.store(z, m.read('c', y, rlx), rlx); }}},
      {"LB+fr-fr-data+data",
       18,
       {"a=0 b=0 c=0", "a=0 b=0 c=1", "a=0 b=0 c=2", "a=0 b=1 c=1", "a=0 b=1 c=2", "a=0 b=2 c=1",
        "a=0 b=2 c=2", "a=1 b=0 c=0", "a=1 b=0 c=2", "a=1 b=2 c=2"},
       {[](machine& m) {
          m.read('a', x, rlx);
          m.store(y, 1, rlx);
        },
        [](machine& m) {
          m.read('b', y, rlx);
          m.read('c', y, rlx);
          m.store(x, 1, rlx);
        },
        [](machine& m) { m.store(y, 2, rlx); }}},
      {"JLT",
       8,
       {"a=0 b=1 c=1", "a=0 b=1 c=2", "a=0 b=2 c=2", "a=3 b=1 c=1", "a=3 b=1 c=2", "a=3 b=2 c=2"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.read('a', y, acq);
          m.read('b', x, acq);
        },
        [](machine& m) {
          m.store(x, 2, rel);
          m.read('c', x, acq);
        },
        [](machine& m) { m.store(y, 3, rel); }}},
  };
}

}  // namespace

std::vector<program> buffering_programs() {
  std::vector<program> all{
      store_buffering("SB", 4, each_sees_anything, rel, acq, rel, acq),
      store_buffering("SB+4sc", 3, one_sees_the_other, sc, sc, sc, sc),
      store_buffering("SB+3sc+acq", 4, each_sees_anything, sc, sc, sc, acq),
      store_buffering("SB+3sc+rel", 4, each_sees_anything, sc, sc, rel, sc),
      fenced("SB+scfs", 3, one_sees_the_other, sc, sc),
      fenced("SB+scf+arf", 4, each_sees_anything, sc, acq_rel),
      fenced("SB+arfs", 4, each_sees_anything, acq_rel, acq_rel),
      {"SB+2sc+scf",
       3,
       one_sees_the_other,
       {[](machine& m) {
          m.store(x, 1, sc);
          m.read('a', y, sc);
        },
        [](machine& m) {
          m.store(y, 1, rlx);
          m.fence(sc);
          m.read('b', x, rlx);
        }}},
      // The words of C++20 forbid what x86 does here: LWG issue 3941.
      {.name = "SB+rfis",
       .executions = 4,
       .allowed = {"a=1 b=0 c=1 d=0", "a=1 b=0 c=1 d=1", "a=1 b=1 c=1 d=0", "a=1 b=1 c=1 d=1"},
       .threads = {[](machine& m) {
                     m.store(x, 1, rel);
                     m.read('a', x, sc);
                     m.read('b', y, sc);
                   },
                   [](machine& m) {
                     m.store(y, 1, rel);
                     m.read('c', y, sc);
                     m.read('d', x, sc);
                   }},
       .executions_cxx20 = 3},
      {"SB+exchanges",
       3,
       one_sees_the_other,
       {[](machine& m) {
          m.exchange(x, 1, sc);
          m.read('a', y, sc);
        },
        [](machine& m) {
          m.exchange(y, 1, sc);
          m.read('b', x, sc);
        }}},
      load_buffering("LB", acq, rel),
      load_buffering("LB2", rlx, rlx),
      load_buffering("LB+acq", acq, rlx),
      load_buffering("LB+rel", rlx, rel),
  };
  for (program& p : dependencies()) all.push_back(std::move(p));
  return all;
}

}  // namespace runnel::litmus
