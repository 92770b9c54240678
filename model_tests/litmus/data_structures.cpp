// SPDX-License-Identifier: MIT
//
// Locks, queues and stacks, with the data that they protect as relaxed atomics: the number of
// executions is that of plain data as long as nothing races.
//
// Loops whose failed rounds change nothing are assumed to succeed at once, as GenMC does, which the
// numbers are from. The queue of Herlihy and Wing is not the one of which GenMC counts 18: there one
// of the two values is the 0 that stands for nothing.
#include "program.hpp"

namespace runnel::litmus {

namespace {

/// Threads that are the same but for their number.
template <class F>
std::vector<body> threads(unsigned n, F f) {
  std::vector<body> all;
  for (unsigned i = 0; i < n; ++i) all.emplace_back([f, i](machine& m) { f(m, i); });
  return all;
}

/// Puts its number into what the lock protects, and finds it there.
void critical_section(machine& m, unsigned data, unsigned thread) {
  m.store(data, static_cast<int>(thread), rlx);
  m.see(static_cast<char>('a' + thread), m.load(data, rlx));
}

program ticket_lock() {
  constexpr unsigned next = 0, owner = 1, data = 2;
  return {"ticketlock", 2, {"a=0 b=1"}, threads(2, [](machine& m, unsigned t) {
            m.await(owner, equal(m.fetch_add(next, 1, rlx)), acq);
            critical_section(m, data, t);
            m.store(owner, m.load(owner, rlx) + 1, rel);
          })};
}

program spin_lock() {
  constexpr unsigned lock = 0, data = 1;
  return {"spinlock",
          4,
          {"a=0 b=1"},
          threads(2,
                  [](machine& m, unsigned t) {
                    m.await(lock, equal(0), rlx);
                    m.assume(m.cas(lock, 0, 1, acq, acq));
                    critical_section(m, data, t);
                    m.store(lock, 0, rel);
                  }),
          "",
          2,
          {}};
}

/// A lock of three states, whose waiters wait for a signal.
program mutex() {
  constexpr unsigned lock = 0, signal = 1, data = 2;
  const auto take = [](machine& m) {
    if (m.cas(lock, 0, 1, acq, acq)) return;
    do {
      m.cas(lock, 1, 2, rlx, rlx);
      const int seen = m.load(signal, acq);
      if (m.load(lock, acq) == 2) m.await(signal, unequal(seen), acq);
    } while (!m.cas(lock, 0, 2, acq, acq));
  };
  return {"mutex", 12, {"a=0 b=1"}, threads(2, [take](machine& m, unsigned t) {
            take(m);
            critical_section(m, data, t);
            if (m.cas(lock, 1, 0, rel, rlx)) return;
            m.store(lock, 0, rel);
            m.fetch_add(signal, 1, rel);
          })};
}

/// Waits for ever in some executions: who passes the lock on has read `next` relaxed, so its write
/// to `free` may come before the owner's own in modification order.
program mcs_lock() {
  constexpr unsigned tail = 0, next = 1, free = 3, data = 5;
  return {"mcs_spinlock",
          6,
          {"a=0 b=1"},
          threads(2,
                  [](machine& m, unsigned t) {
                    const int me = static_cast<int>(t) + 1;
                    m.store(free + t, 0, rlx);
                    m.store(next + t, 0, rlx);
                    const int before = m.exchange(tail, me, acq_rel);
                    if (before != 0) {
                      m.store(next + static_cast<unsigned>(before) - 1, me, rlx);
                      m.await(free + t, unequal(0), acq);
                    }
                    critical_section(m, data, t);
                    int after = m.load(next + t, rlx);
                    if (after == 0) {
                      if (m.cas(tail, me, 0, rel, rlx)) return;
                      after = m.await(next + t, unequal(0), rlx);
                    }
                    m.store(free + static_cast<unsigned>(after) - 1, 1, rel);
                  }),
          "",
          6,
          {},
          true,
          true};
}

program barrier() {
  constexpr unsigned waiting = 0, step = 1, data = 2;
  const auto wait = [](machine& m) {
    const int now = m.load(step, sc);
    if (m.fetch_add(waiting, 1, sc) == 1) {
      m.store(waiting, 0, sc);
      m.fetch_add(step, 1, sc);
    } else {
      m.await(step, unequal(now), sc);
    }
  };
  return {"barrier",
          2,
          {"a=42"},
          {[wait](machine& m) {
             m.store(data, 42, rlx);
             wait(m);
           },
           [wait](machine& m) {
             wait(m);
             m.read('a', data, rlx);
           }}};
}

program readers_writer_lock() {
  constexpr unsigned lock = 0, data = 1;
  constexpr int bias = 0x100000;
  const auto lock_to_read = [](machine& m) { m.assume(m.fetch_add(lock, -1, acq) > 0); };
  const auto lock_to_write = [](machine& m) { m.assume(m.fetch_add(lock, -bias, acq) == bias); };
  return {"linuxrwlocks",
          14,
          {"a=0 b=0", "a=0 b=1", "a=1 b=0"},
          threads(2,
                  [=](machine& m, unsigned t) {
                    lock_to_read(m);
                    m.see(static_cast<char>('a' + t), m.load(data, rlx));
                    m.fetch_add(lock, 1, rel);
                    lock_to_write(m);
                    m.store(data, 1, rlx);
                    m.fetch_add(lock, bias, rel);
                  }),
          "",
          2,
          {bias}};
}

// Pointers with a count against reuse.
constexpr int pointer(unsigned node, int count) { return count << 8 | static_cast<int>(node); }
constexpr unsigned node_of(int pointer) { return static_cast<unsigned>(pointer) & 0xFF; }
constexpr int count_of(int pointer) { return pointer >> 8; }

/// Two threads push a node each, a third pops one.
program treiber_stack() {
  constexpr unsigned top = 0, next = 0, value = 3;  // nodes are 1 and 2
  const auto push = [](machine& m, unsigned t) {
    const unsigned node = t + 1;
    m.store(value + t, 1, rlx);
    for (;;) {
      const int old = m.load(top, acq);
      m.store(next + node, old, rlx);
      if (m.cas(top, old, pointer(node, count_of(old) + 1), rel, rlx)) return;
    }
  };
  std::vector<body> all = threads(2, push);
  all.emplace_back([](machine& m) {
    for (;;) {
      const int old = m.load(top, acq);
      m.see('a', static_cast<int>(node_of(old)));
      if (node_of(old) == 0) return;
      const int rest = m.load(next + node_of(old), rlx);
      m.assume(m.cas(top, old, pointer(node_of(rest), count_of(old) + 1), rel, rlx));
      m.read('b', value + node_of(old) - 1, rlx);
      return;
    }
  });
  return {"treiber-stack", 18, {"a=0", "a=1 b=1", "a=2 b=1"}, all, "", 5, {}};
}

/// Michael and Scott's: each of two threads sends a value, and receives one.
program ms_queue() {
  constexpr unsigned head = 0, tail = 1, next = 2;  // nodes are 0, 1 and 2; the first is a dummy
  constexpr unsigned null = 0xFF;
  const auto enqueue = [](machine& m, unsigned node) {
    m.store(next + node, pointer(null, count_of(m.load(next + node, rlx))), rlx);
    int end = 0;
    for (bool linked = false; !linked;) {
      end = m.load(tail, acq);
      const int after = m.load(next + node_of(end), acq);
      if (end != m.load(tail, rlx)) continue;
      if (node_of(after) == null)
        linked = m.cas(next + node_of(end), after, pointer(node, count_of(after) + 1), rel, rlx);
      if (linked) continue;
      const unsigned further = node_of(m.load(next + node_of(end), acq));
      m.cas(tail, end, pointer(further, count_of(end) + 1), rel, rlx);
    }
    m.cas(tail, end, pointer(node, count_of(end) + 1), rel, rlx);
  };
  const auto dequeue = [](machine& m) {
    for (;;) {
      const int first = m.load(head, acq);
      const int end = m.load(tail, acq);
      const int after = m.load(next + node_of(first), acq);
      m.assume(m.load(head, rlx) == first);
      if (node_of(first) != node_of(end)) {
        m.assume(m.cas(head, first, pointer(node_of(after), count_of(first) + 1), rel, rlx));
        return static_cast<int>(node_of(after));
      }
      if (node_of(after) == null) return 0;
      m.cas(tail, end, pointer(node_of(after), count_of(end) + 1), rel, rlx);
    }
  };
  return {"ms-queue",
          50,
          {"a=1 b=2", "a=2 b=1"},
          threads(2,
                  [=](machine& m, unsigned t) {
                    enqueue(m, t + 1);
                    m.see(static_cast<char>('a' + t), dequeue(m));
                  }),
          "",
          5,
          {pointer(0, 0), pointer(0, 0), pointer(null, 0)}};
}

/// A ring with counts of the operations that have begun and ended; one message is in it.
program bounded_queue() {
  constexpr unsigned begun = 0, read = 1, written = 2, data = 3;
  const auto reads = [](int counts) { return counts >> 16; };
  const auto writes = [](int counts) { return counts & 0xFFFF; };
  return {"mpmc-queue",
          3,
          {"a=1", "a=2"},
          {[=](machine& m) {
             const int counts = m.load(begun, acq);
             m.assume(m.cas(begun, counts, counts + 1, acq_rel, acq));
             m.await(read, equal(reads(counts)), acq);
             m.store(data + static_cast<unsigned>(writes(counts)), 1, rlx);
             m.fetch_add(written, 1, rel);
           },
           [=](machine& m) {
             for (int messages = 0;; ++messages) {
               m.see('a', messages);
               const int counts = m.load(begun, acq);
               if (writes(counts) == reads(counts)) return;
               m.assume(m.cas(begun, counts, counts + (1 << 16), acq_rel, acq));
               m.await(written, equal(writes(counts)), acq);
               m.fetch_add(read, 1, rel);
             }
           }},
          "",
          7,
          {1, 0, 1}};
}

/// Herlihy and Wing's: each of two threads sends a value and receives one.
program hw_queue() {
  constexpr unsigned tail = 0, slot = 1;
  const auto dequeue = [](machine& m) {
    const auto end = static_cast<unsigned>(m.load(tail, acq));
    for (unsigned i = 0; i <= end; ++i) {
      if (m.load(slot + i, acq) == 0) continue;
      const int value = m.exchange(slot + i, 0, acq_rel);
      if (value != 0) return value;
    }
    m.stop();
    return 0;
  };
  return {"hw-queue",
          16,
          {"a=1 b=2", "a=2 b=1"},
          threads(2,
                  [=](machine& m, unsigned t) {
                    const int place = m.fetch_add(tail, 1, rel);
                    m.store(slot + static_cast<unsigned>(place) + 1, static_cast<int>(t) + 1, rel);
                    m.see(static_cast<char>('a' + t), dequeue(m));
                  }),
          "",
          5,
          {}};
}

/// Chase and Lev's: the owner pushes five, pops three and pushes two; somebody steals one.
program work_stealing_deque() {
  constexpr unsigned bottom = 0, top = 1, buffer = 2, size = 10;
  const auto push = [](machine& m, int value) {
    const int b = m.load(bottom, rlx);
    const int t = m.load(top, acq);
    if (b - t >= static_cast<int>(size)) return;
    m.store(buffer + static_cast<unsigned>(b), value, rlx);
    m.store(bottom, b + 1, rel);
  };
  const auto pop = [](machine& m) {
    const int b = m.load(bottom, rlx);
    m.store(bottom, b - 1, rlx);
    m.fence(sc);
    const int t = m.load(top, rlx);
    if (b - t <= 0) {
      m.store(bottom, b, rlx);
      return;
    }
    m.load(buffer + static_cast<unsigned>(b) - 1, rlx);
    if (b - t > 1) return;
    m.cas(top, t, t + 1, acq_rel, acq);
    m.store(bottom, b, rlx);
  };
  return {"chase-lev",
          65,
          {"a=0", "a=1"},
          {[=](machine& m) {
             for (int value = 1; value <= 5; ++value) push(m, value);
             for (int i = 0; i < 3; ++i) pop(m);
             for (int value = 6; value <= 7; ++value) push(m, value);
           },
           [](machine& m) {
             const int t = m.load(top, rlx);
             m.fence(sc);
             const int b = m.load(bottom, acq);
             m.see('a', 0);
             if (b - t <= 0) return;
             const int value = m.load(buffer + static_cast<unsigned>(t), rlx);
             if (m.cas(top, t, t + 1, rel, rlx)) m.see('a', value);
           }},
          "",
          12};
}

/// A ring as kernels have it: three threads send a message each and receive one.
program buffer_ring() {
  constexpr unsigned sent_from = 0, sent = 1, received_from = 2, received = 3, slot = 4,
                     message = 12;
  constexpr int mask = 7;
  const auto enqueue = [](machine& m, int what) {
    const int from = m.load(sent_from, rlx);
    const int full = m.load(received, rlx);
    const int to = (from + 1) & mask;
    if (to == full) return;
    m.assume(m.cas(sent_from, from, to, acq_rel, acq));
    m.fence(sc);
    m.store(slot + static_cast<unsigned>(from), what, rlx);
    m.assume(m.load(sent, rlx) == from);
    m.store(sent, to, rlx);
  };
  const auto dequeue = [](machine& m) {
    const int from = m.load(received_from, rlx);
    const int empty = m.load(sent, rlx);
    if (from == empty) return 0;
    m.assume(m.cas(received_from, from, (from + 1) & mask, acq_rel, acq));
    const int what = m.load(slot + static_cast<unsigned>(from), rlx);
    m.assume(m.load(received, rlx) == from);
    m.fence(sc);
    m.store(received, (from + 1) & mask, rlx);
    return what;
  };
  outcomes received_once = outcomes::every({{'a', 4}, {'b', 4}, {'c', 4}});
  for (const char* twice : {"a=1 b=1", "a=2 b=2", "a=3 b=3", "a=1 c=1", "a=2 c=2", "a=3 c=3",
                            "b=1 c=1", "b=2 c=2", "b=3 c=3"})
    received_once = received_once.but(twice);
  return {"buf_ring",
          1218,
          received_once,
          threads(3,
                  [=](machine& m, unsigned t) {
                    m.store(message + t, 1, rlx);
                    enqueue(m, static_cast<int>(t) + 1);
                    const int what = dequeue(m);
                    m.see(static_cast<char>('a' + t), what);
                    if (what != 0) m.load(message + static_cast<unsigned>(what) - 1, rlx);
                  }),
          "",
          15,
          {},
          false};
}

}  // namespace

std::vector<program> data_structure_programs() {
  return {ticket_lock(),         spin_lock(),     mutex(),    mcs_lock(),      barrier(),
          readers_writer_lock(), treiber_stack(), ms_queue(), bounded_queue(), hw_queue(),
          work_stealing_deque(), buffer_ring()};
}

}  // namespace runnel::litmus
