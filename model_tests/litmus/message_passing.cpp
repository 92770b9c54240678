// SPDX-License-Identifier: MIT
//
// Who sees the flag sees what was written before it, if release meets acquire.
#include "program.hpp"

namespace runnel::litmus {

namespace {

/// Data, then the flag; flag, then data.
program message(std::string name, std::uint64_t executions, outcomes allowed, const body& sender,
                const body& receiver) {
  return {std::move(name), executions, std::move(allowed), {sender, receiver}};
}

const outcomes synchronized{"a=0 b=0", "a=0 b=1", "a=1 b=1"};
const outcomes unsynchronized{"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"};

const body release_store = [](machine& m) {
  m.store(x, 1, rlx);
  m.store(y, 1, rel);
};
const body release_fence = [](machine& m) {
  m.store(x, 1, rlx);
  m.fence(rel);
  m.store(y, 1, rlx);
};
const body acquire_load = [](machine& m) {
  m.read('a', y, acq);
  m.read('b', x, rlx);
};
const body acquire_fence = [](machine& m) {
  m.read('a', y, rlx);
  m.fence(acq);
  m.read('b', x, rlx);
};
const body relaxed_sender = [](machine& m) {
  m.store(x, 1, rlx);
  m.store(y, 1, rlx);
};
const body relaxed_receiver = [](machine& m) {
  m.read('a', y, rlx);
  m.read('b', x, rlx);
};

std::vector<program> pairs() {
  return {
      message("MP+rel+acq", 3, synchronized, release_store, acquire_load),
      message("MP+rel+acqf", 3, synchronized, release_store, acquire_fence),
      message("MP+relf+acq", 3, synchronized, release_fence, acquire_load),
      message("MP+relf+acqf", 3, synchronized, release_fence, acquire_fence),
      message("MP+rlx+acq", 4, unsynchronized, relaxed_sender, acquire_load),
      message("MP+rel+rlx", 4, unsynchronized, release_store, relaxed_receiver),
      message("MP+relf+rlx", 4, unsynchronized, release_fence, relaxed_receiver),
      message(
          "MP", 3, synchronized,
          [](machine& m) {
            m.store(x, 1, rel);
            m.store(y, 1, rel);
          },
          [](machine& m) {
            m.read('a', y, acq);
            m.read('b', x, acq);
          }),
      {"2CoWR",
       4,
       {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
       {[](machine& m) {
          m.read('a', y, acq);
          m.read('b', x, acq);
        },
        [](machine& m) { m.store(x, 1, rel); }, [](machine& m) { m.store(y, 1, rel); }}},
      {"MP2",
       9,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}, {'d', 2}}).but("a=1 b=0").but("c=1 d=0"),
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rlx);
          m.fence(acq_rel);
          m.store(z, 1, rlx);
          m.store(w, 1, rlx);
        },
        [](machine& m) {
          m.read('a', z, rlx);
          m.fence(acq_rel);
          m.read('b', x, rlx);
        },
        [](machine& m) {
          m.read('c', w, rlx);
          m.fence(acq_rel);
          m.read('d', y, rlx);
        }}},
      {"MP+incMP",
       7,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=1 b=1 c=0"),
       {[](machine& m) {
          m.read('a', y, acq);
          m.fetch_add(z, 1, acq_rel);
        },
        [](machine& m) {
          m.see('b', m.fetch_add(z, 1, acq_rel));
          m.read('c', x, acq);
        },
        [](machine& m) {
          m.store(x, 1, rel);
          m.store(y, 1, rel);
        }}},
  };
}

/// S: the receiver writes the data instead of reading it.
std::vector<program> writes_after_the_flag() {
  return {
      {"S",
       4,
       {"a=0 x=1", "a=0 x=2", "a=1 x=1", "a=1 x=2"},
       {[](machine& m) {
          m.store(x, 2, rlx);
          m.store(y, 1, rlx);
        },
        [](machine& m) {
          m.read('a', y, rlx);
          m.store(x, 1, rlx);
        }},
       "x"},
      {"S+rel+acq",
       2,
       {"a=0 x=1", "a=1 x=2"},
       {release_store,
        [](machine& m) {
          if (m.read('a', y, acq) != 0) m.store(x, 2, rlx);
        }},
       "x"},
      {"S+relf+acqf",
       2,
       {"a=0 x=1", "a=1 x=2"},
       {release_fence,
        [](machine& m) {
          if (m.read('a', y, rlx) == 0) return;
          m.fence(acq);
          m.store(x, 2, rlx);
        }},
       "x"},
      {"2+2W",
       4,
       {"x=1 y=1", "x=1 y=2", "x=2 y=1", "x=2 y=2"},
       {[](machine& m) {
          m.store(x, 1, rel);
          m.store(y, 2, rel);
        },
        [](machine& m) {
          m.store(y, 1, rel);
          m.store(x, 2, rel);
        }},
       "xy"},
  };
}

/// Through a third thread.
std::vector<program> chains() {
  return {
      {"isa2",
       7,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}).but("a=1 b=1 c=0"),
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.read('a', y, acq);
          m.store(z, 1, rel);
        },
        [](machine& m) {
          m.read('b', z, acq);
          m.read('c', x, rlx);
        }}},
      {"relacq-B-cumul",
       8,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}}),
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) {
          m.read('a', y, acq);
          m.store(z, 1, rlx);
        },
        [](machine& m) {
          m.read('b', z, rlx);
          m.fence(acq_rel);
          m.read('c', x, rlx);
        }}},
      {"cumul-release",
       8,
       {"a=0 b=0 c=0", "a=0 b=0 c=1", "a=1 b=0 c=0", "a=1 b=0 c=1", "a=1 b=1 c=0", "a=1 b=1 c=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
        },
        [](machine& m) { m.store(z, m.read('a', y, rlx), rlx); },
        [](machine& m) {
          m.read('b', z, rlx);
          m.fence(acq_rel);
          m.read('c', x, rlx);
        }}},
      {"WRC+dep",
       8,
       {"a=0 b=0 c=0", "a=0 b=0 c=1", "a=1 b=0 c=0", "a=1 b=0 c=1", "a=1 b=1 c=0", "a=1 b=1 c=1"},
       {[](machine& m) { m.store(x, 1, rlx); },
        [](machine& m) { m.store(y, m.read('a', x, rlx), rlx); },
        [](machine& m) {
          m.read('b', y, rlx);
          m.fence(acq_rel);
          m.read('c', x, rlx);
        }}},
      {"IRIWish",
       28,
       outcomes::every({{'a', 2}, {'b', 2}, {'c', 2}, {'d', 2}, {'e', 2}})
           .but("a=0 c=1")
           .but("a=0 d=1")
           .but("d=1 e=0"),
       {[](machine& m) { m.store(x, 1, rlx); },
        [](machine& m) { m.store(y, m.read('a', x, rlx), rel); },
        [](machine& m) {
          m.read('b', x, rlx);
          m.fence(acq_rel);
          m.read('c', y, rlx);
        },
        [](machine& m) {
          m.read('d', y, rlx);
          m.fence(acq_rel);
          m.read('e', x, rlx);
        }}},
  };
}

}  // namespace

std::vector<program> message_passing_programs() {
  std::vector<program> all = pairs();
  for (program& p : writes_after_the_flag()) all.push_back(std::move(p));
  for (program& p : chains()) all.push_back(std::move(p));
  return all;
}

}  // namespace runnel::litmus
