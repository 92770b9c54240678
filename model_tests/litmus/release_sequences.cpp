// SPDX-License-Identifier: MIT
//
// What continues a release sequence: read-modify-writes of any thread. Since C++20 no longer the
// later writes of the same thread, which the numbers of MP+rels and MPU+rels tell apart.
#include "program.hpp"

namespace runnel::litmus {

namespace {

program message(std::string name, std::uint64_t executions, outcomes allowed, const body& sender,
                const body& updater, const body& receiver) {
  return {std::move(name), executions, std::move(allowed), {sender, updater, receiver}, "x"};
}

const body released_1 = [](machine& m) {
  m.store(x, 1, rlx);
  m.store(y, 1, rel);
};
const body fence_released_1 = [](machine& m) {
  m.store(x, 1, rlx);
  m.fence(rel);
  m.store(y, 1, rlx);
};
/// The second store is not part of the release sequence of the first.
const body released_0_then_1 = [](machine& m) {
  m.store(x, 1, rlx);
  m.store(y, 0, rel);
  m.store(y, 1, rlx);
};
const body increments = [](machine& m) { m.fetch_add(y, 1, rlx); };
const body from_2_to_3 = [](machine& m) { m.cas(y, 2, 3, rlx, rlx); };
const body from_1_to_2 = [](machine& m) { m.cas(y, 1, 2, rlx, rlx); };

body writes_if_above(int least) {
  return [least](machine& m) {
    if (m.read('a', y, acq) > least) m.store(x, 2, rlx);
  };
}
body writes_after_a_fence_if_above(int least) {
  return [least](machine& m) {
    if (m.read('a', y, rlx) <= least) return;
    m.fence(acq);
    m.store(x, 2, rlx);
  };
}

std::vector<program> one_update() {
  const outcomes ordered{"a=0 x=1", "a=1 x=1", "a=2 x=2"};
  const outcomes unordered{"a=0 x=1", "a=1 x=1", "a=2 x=1", "a=2 x=2"};
  return {
      message("MPU+rel+acq", 6, ordered, released_1, increments, writes_if_above(1)),
      message("MPU+rel+acqf", 6, ordered, released_1, increments, writes_after_a_fence_if_above(1)),
      message("MPU+relf+acq", 6, ordered, fence_released_1, increments, writes_if_above(1)),
      message("MPU+relf+acqf", 6, ordered, fence_released_1, increments,
              writes_after_a_fence_if_above(1)),
      message("MPU+rels+acq", 13, unordered, released_0_then_1, increments, writes_if_above(1)),
      message("MPU+rels+acqf", 13, unordered, released_0_then_1, increments,
              writes_after_a_fence_if_above(1)),
  };
}

program two_updates(std::string name, std::uint64_t executions, outcomes allowed,
                    const body& sender, const body& receiver) {
  return {std::move(name),
          executions,
          std::move(allowed),
          {sender, from_2_to_3, from_1_to_2, receiver},
          "x"};
}

}  // namespace

std::vector<program> release_sequence_programs() {
  const outcomes ordered{"a=0 x=1", "a=1 x=1", "a=2 x=1", "a=3 x=2"};
  const outcomes unordered{"a=0 x=1", "a=1 x=1", "a=2 x=1", "a=3 x=1", "a=3 x=2"};
  std::vector<program> all = one_update();
  const std::vector<program> more{
      two_updates("MPU2+rel+acq", 14, ordered, released_1, writes_if_above(2)),
      two_updates("MPU2+rel+acqf", 14, ordered, released_1, writes_after_a_fence_if_above(2)),
      two_updates("MPU2+relf+acq", 14, ordered, fence_released_1, writes_if_above(2)),
      two_updates("MPU2+relf+acqf", 14, ordered, fence_released_1,
                  writes_after_a_fence_if_above(2)),
      two_updates("MPU2+rels+acq", 36, unordered, released_0_then_1, writes_if_above(2)),
      two_updates("MPU2+rels+acqf", 36, unordered, released_0_then_1,
                  writes_after_a_fence_if_above(2)),
      {"MP+rels+acq",
       4,
       {"a=0", "a=1 b=0", "a=1 b=1"},
       {released_0_then_1,
        [](machine& m) {
          if (m.read('a', y, acq) != 0) m.read('b', x, rlx);
        }}},
      {"MP+rels+acqf",
       4,
       {"a=0", "a=1 b=0", "a=1 b=1"},
       {released_0_then_1,
        [](machine& m) {
          if (m.read('a', y, rlx) == 0) return;
          m.fence(acq);
          m.read('b', x, rlx);
        }}},
      {"S+rels+acq",
       4,
       {"a=0 x=1", "a=1 x=1", "a=1 x=2"},
       {released_0_then_1, writes_if_above(0)},
       "x"},
      {"relseq",
       20,
       {"a=0 b=0", "a=0 b=1", "a=1 b=1", "a=2 b=0", "a=2 b=1", "a=3 b=0", "a=3 b=1"},
       {[](machine& m) {
          m.store(x, 1, rlx);
          m.store(y, 1, rel);
          m.store(y, 2, rlx);
        },
        [](machine& m) { m.exchange(y, 3, rlx); },
        [](machine& m) {
          m.read('a', y, rlx);
          m.fence(acq_rel);
          m.read('b', x, rlx);
        }}},
      {"viktor-relseq",
       180,
       {"x=6"},
       {[](machine& m) {
          m.fetch_add(x, 1, acq);
          m.fetch_add(x, 1, rlx);
        },
        [](machine& m) {
          m.fetch_add(x, 1, rlx);
          m.fetch_add(x, 1, rlx);
        },
        [](machine& m) { m.fetch_add(x, 1, rel); }, [](machine& m) { m.fetch_add(x, 1, rlx); }},
       "x"},
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace runnel::litmus
