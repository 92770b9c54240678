// SPDX-License-Identifier: MIT
//
// One location: all threads agree on the order of its writes, and nobody goes back in it.
#include "program.hpp"

namespace runnel::litmus {

namespace {

const body store_1 = [](machine& m) { m.store(x, 1, rel); };
const body store_2 = [](machine& m) { m.store(x, 2, rel); };
const body reads_ab = [](machine& m) {
  m.read('a', x, acq);
  m.read('b', x, acq);
};
const body reads_cd = [](machine& m) {
  m.read('c', x, acq);
  m.read('d', x, acq);
};

program reads_of_three_writers() {
  // The four reads see a subsequence of one of the orders of the writes.
  outcomes allowed = outcomes::every({{'a', 4}, {'b', 4}, {'c', 4}, {'d', 4}});
  const auto again = [](char first, char between, char last, int v, int other) {
    const auto is = [](char name, int value) {
      return std::string(1, name) + '=' + std::to_string(value);
    };
    return is(first, v) + ' ' + is(between, other) + ' ' + is(last, v);
  };
  for (int v = 0; v < 4; ++v) {
    for (int other = 0; other < 4; ++other) {
      if (other == v) continue;
      allowed = allowed.but(again('a', 'b', 'c', v, other))
                    .but(again('a', 'b', 'd', v, other))
                    .but(again('a', 'c', 'd', v, other))
                    .but(again('b', 'c', 'd', v, other));
    }
  }
  for (const char* back_to_the_initial : {"a=1 b=0", "a=2 b=0", "a=3 b=0", "b=1 c=0", "b=2 c=0",
                                          "b=3 c=0", "c=1 d=0", "c=2 d=0", "c=3 d=0"})
    allowed = allowed.but(back_to_the_initial);
  return {"fr+w+w+w+reads",
          210,
          allowed,
          {[](machine& m) { m.store(x, 1, rlx); }, [](machine& m) { m.store(x, 2, rlx); },
           [](machine& m) { m.store(x, 3, rlx); },
           [](machine& m) {
             m.read('a', x, rlx);
             m.read('b', x, rlx);
             m.read('c', x, rlx);
             m.read('d', x, rlx);
           }}};
}

std::vector<program> two_writers() {
  const outcomes two_reads = outcomes::every({{'a', 3}, {'b', 3}}).but("a=1 b=0").but("a=2 b=0");
  const outcomes readers_disagree = outcomes::every({{'a', 3}, {'b', 3}, {'c', 3}, {'d', 3}})
                                        .but("a=1 b=0")
                                        .but("a=2 b=0")
                                        .but("c=1 d=0")
                                        .but("c=2 d=0")
                                        .but("a=1 b=2 c=2 d=1")
                                        .but("a=2 b=1 c=1 d=2");
  return {
      {"default", 12, two_reads, {reads_ab, store_1, store_2}},
      {"CoRR1",
       36,
       {"a=0 b=0 c=0", "a=0 b=0 c=1", "a=0 b=0 c=2", "a=0 b=1 c=1", "a=0 b=1 c=2", "a=0 b=2 c=1",
        "a=0 b=2 c=2", "a=1 b=1 c=0", "a=1 b=1 c=1", "a=1 b=1 c=2", "a=1 b=2 c=0", "a=1 b=2 c=1",
        "a=1 b=2 c=2", "a=2 b=1 c=0", "a=2 b=1 c=1", "a=2 b=1 c=2", "a=2 b=2 c=0", "a=2 b=2 c=1",
        "a=2 b=2 c=2", "a=0 b=1 c=0", "a=0 b=2 c=0"},
       {store_1, store_2, reads_ab, [](machine& m) { m.read('c', x, acq); }}},
      {"CoRR2", 72, readers_disagree, {store_1, store_2, reads_ab, reads_cd}},
      {"W+RRR+W",
       20,
       {"a=0 b=0 c=0", "a=0 b=0 c=1", "a=0 b=0 c=2", "a=0 b=1 c=1", "a=0 b=1 c=2", "a=0 b=2 c=1",
        "a=0 b=2 c=2", "a=1 b=1 c=1", "a=1 b=1 c=2", "a=1 b=2 c=2", "a=2 b=1 c=1", "a=2 b=2 c=1",
        "a=2 b=2 c=2"},
       {[](machine& m) { m.store(x, 1, rlx); },
        [](machine& m) {
          m.read('a', x, rlx);
          m.read('b', x, rlx);
          m.read('c', x, rlx);
        },
        [](machine& m) { m.store(x, 2, rlx); }}},
      {"MCP-rrw",
       6,
       {"a=0", "a=1", "a=2"},
       {store_1, store_2, [](machine& m) { m.read('a', x, acq); }}},
  };
}

}  // namespace

std::vector<program> coherence_programs() {
  std::vector<program> all{
      {"CoRR",
       6,
       {"a=0 b=0", "a=0 b=1", "a=0 b=2", "a=1 b=1", "a=1 b=2", "a=2 b=2"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.store(x, 2, rel);
        },
        reads_ab}},
      {"CoRR0",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {store_1, [](machine& m) { m.read('a', x, acq); }, [](machine& m) { m.read('b', x, acq); }}},
      {"CoRW",
       3,
       {"a=0 x=1", "a=0 x=2", "a=2 x=1"},
       {[](machine& m) {
          m.read('a', x, acq);
          m.store(x, 1, rel);
        },
        store_2},
       "x"},
      {"CoWR",
       3,
       {"a=1 x=1", "a=1 x=2", "a=2 x=2"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.read('a', x, acq);
        },
        store_2},
       "x"},
      {"small0",
       9,
       {"a=0 b=0", "a=0 b=1", "a=0 b=2", "a=1 b=0", "a=1 b=1", "a=1 b=2", "a=2 b=0", "a=2 b=1",
        "a=2 b=2"},
       {[](machine& m) { m.read('a', x, acq); }, [](machine& m) { m.read('b', x, acq); },
        [](machine& m) {
          m.store(x, 1, rel);
          m.store(x, 2, rel);
        }}},
      {"po-loc",
       3,
       {"a=0 b=0 c=0", "a=0 b=0 c=1"},
       {[](machine& m) {
          m.read('a', y, rlx);
          m.fence(acq_rel);
          m.read('b', x, rlx);
          m.store(x, 1, rlx);
        },
        [](machine& m) { m.store(y, m.read('c', x, rlx), rlx); }}},
      reads_of_three_writers(),
  };
  for (program& p : two_writers()) all.push_back(std::move(p));
  return all;
}

}  // namespace runnel::litmus
