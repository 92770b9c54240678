// SPDX-License-Identifier: MIT
//
// The Relacy engine on small tests whose outcome is known: each verdict is seen.
#include "../relacy_engine.hpp"

#include <gtest/gtest.h>

namespace runnel::check {
namespace {

using core::acq_rel;
using core::acquire;
using core::at;
using core::relaxed;
using core::release;
using core::seq_cst;

struct nothing {};

template <class P>
struct two_threads {
  static constexpr unsigned threads = 2;
  using config = nothing;
  explicit two_threads(const config&) {}
  void before() {}
  void after() {}
};

template <template <class> class Test>
result run(const search& s, const options& o = {},
           const typename Test<relacy_platform>::config& c = {}) {
  return run_on_relacy<Test>(c, s, o);
}

/// Weakens a site for the duration of a test.
class weakened {
 public:
  weakened(const char* site, std::memory_order order) {
    current_weakening() = {site, order, relaxed};
  }
  ~weakened() { current_weakening() = {}; }
  weakened(const weakened&) = delete;
  weakened& operator=(const weakened&) = delete;
};

template <class P>
struct message_passing : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) {
      data.construct(7);
      flag.store(1, at<"test.publish">(release));
    } else if (flag.load(at<"test.see">(acquire)) == 1) {
      if (data.take() != 7) P::fail(kind::assertion, "another message");
      seen = true;
    }
  }
  void after() {
    if (!seen) data.destroy();
  }
  typename P::template atomic<std::uint32_t> flag{0};
  typename P::template cell<int> data;
  bool seen = false;
};

TEST(relacy_engine, message_passing_passes_in_full_search) {
  const result r = run<message_passing>(search::full());
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << r.message << r.history;
  EXPECT_GT(r.executions, 2U);
  EXPECT_TRUE(r.replay.empty());
}

TEST(relacy_engine, message_passing_without_release_is_a_data_race) {
  const weakened w("test.publish", relaxed);
  const result r = run<message_passing>(search::full());
  EXPECT_EQ(r.verdict, verdict::failed);
  EXPECT_EQ(r.failure, kind::data_race) << r.message;
  EXPECT_NE(r.history.find("test.see"), std::string::npos) << r.history;
  EXPECT_NE(r.history.find("FAILED"), std::string::npos) << r.history;
}

TEST(relacy_engine, message_passing_without_acquire_is_a_data_race) {
  const weakened w("test.see", relaxed);
  for (const search& s : {search::full(), search::bounded(1), search::random(1000)}) {
    const result r = run<message_passing>(s);
    ASSERT_EQ(r.failure, kind::data_race) << r.message;
    options o;
    o.replay = r.replay;
    const result again = run<message_passing>(search::full(), o);
    EXPECT_EQ(again.failure, kind::data_race) << r.replay;
    EXPECT_EQ(again.message, r.message);
    EXPECT_EQ(again.history, r.history);
    EXPECT_EQ(again.replay, r.replay);
    EXPECT_EQ(again.executions, 1U);
  }
}

template <class P>
struct store_buffering : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    words[index].store(1, at<"test.store">(seq_cst));
    read[index] = words[1 - index].load(at<"test.load">(seq_cst));
  }
  void after() {
    if (read[0] == 0 && read[1] == 0) P::fail("both zero", "store buffering");
  }
  std::array<typename P::template atomic<std::uint8_t>, 2> words{
      typename P::template atomic<std::uint8_t>{0}, typename P::template atomic<std::uint8_t>{0}};
  std::array<std::uint8_t, 2> read{};
};

TEST(relacy_engine, store_buffering_needs_seq_cst) {
  EXPECT_EQ(run<store_buffering>(search::full()).verdict, verdict::passed);
  const weakened w("test.store", release);
  const result r = run<store_buffering>(search::full());
  EXPECT_EQ(r.failure, "both zero");
  EXPECT_EQ(r.message, "store buffering");
}

template <class P>
struct fenced_store_buffering : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    words[index].store(1, at<"test.store">(relaxed));
    P::fence(at<"test.fence">(seq_cst));
    read[index] = words[1 - index].load(at<"test.load">(relaxed));
  }
  void after() {
    if (read[0] == 0 && read[1] == 0) P::fail("both zero", "store buffering");
  }
  std::array<typename P::template atomic<std::uint64_t>, 2> words{
      typename P::template atomic<std::uint64_t>{0}, typename P::template atomic<std::uint64_t>{0}};
  std::array<std::uint64_t, 2> read{};
};

TEST(relacy_engine, store_buffering_is_prevented_by_a_fence) {
  EXPECT_EQ(run<fenced_store_buffering>(search::full()).verdict, verdict::passed);
  const weakened w("test.fence", acq_rel);
  EXPECT_EQ(run<fenced_store_buffering>(search::full()).failure, "both zero");
}

template <class P, unsigned Threads>
struct locked_counter {
  static constexpr unsigned threads = Threads;
  using config = nothing;
  explicit locked_counter(const config&) {}
  void before() { sum.construct(0); }
  void thread(unsigned) {
    const core::critical_section<P> held(mutex);
    sum.write([](int& s) { ++s; });
  }
  void after() {
    if (sum.take() != static_cast<int>(Threads))
      P::fail(kind::assertion, "a critical section was lost");
  }
  core::mutex<P> mutex;
  typename P::template cell<int> sum;
};
template <class P>
using two_lockers = locked_counter<P, 2>;
template <class P>
using three_lockers = locked_counter<P, 3>;

TEST(relacy_engine, the_mutex_excludes) {
  EXPECT_EQ(run<two_lockers>(search::full()).verdict, verdict::passed);
  const result r = run<three_lockers>(search::bounded(3));
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << '\n' << r.history;
}

TEST(relacy_engine, the_mutex_needs_its_orders) {
  for (const char* site : {"mutex.unlock", "mutex.lock"}) {
    const weakened w(site, relaxed);
    EXPECT_EQ(run<two_lockers>(search::full()).failure, kind::data_race) << site;
  }
  const weakened w("mutex.lock_contended", relaxed);
  EXPECT_EQ(run<two_lockers>(search::full()).failure, kind::data_race);
}

/// What the single-threaded tests below do, by number.
enum class deed {
  wait,
  timed_wait,
  leak,
  double_free,
  late_load,
  late_wait,
  late_cell,
  uninitialised,
  overwrite,
  leave_a_value,
  aligned,
  spin,
  escape,
  wrap,
  empty_handed_block
};

struct chosen {
  deed what = deed::wait;
};

struct fat {
  alignas(64) std::array<char, 64> bytes{};
  ~fat() { bytes[0] = 'x'; }
};

template <class P>
struct misdeeds {
  static constexpr unsigned threads = 2;
  using config = chosen;
  explicit misdeeds(const config& c) : what(c.what) {}
  void before() {
    if (what == deed::empty_handed_block) P::wait(word, 0, core::never);
  }
  void after() {}

  void thread(unsigned index) {
    if (index != 0) return;
    using word_type = typename P::template atomic<std::uint32_t>;
    typename P::template cell<std::string> cell;
    switch (what) {
      case deed::wait: P::wait(word, 0, core::never); break;
      case deed::timed_wait:
        if (P::wait(word, 0, P::now() + std::chrono::seconds(1)) != core::wait_result::timed_out)
          P::fail(kind::assertion, "woken by nobody");
        if (P::wait(word, 1, core::never) != core::wait_result::changed)
          P::fail(kind::assertion, "not changed");
        break;
      case deed::leak: P::allocate(8, 8); break;
      case deed::double_free: {
        void* const p = P::allocate(8, 8);
        P::deallocate(p, 8, 8);
        P::deallocate(p, 8, 8);
        break;
      }
      case deed::late_load: {
        void* const p = P::allocate(sizeof(word_type), alignof(word_type));
        auto* const w = ::new (p) word_type(1);
        w->~word_type();
        P::deallocate(p, sizeof(word_type), alignof(word_type));
        w->load(at<"test.late">(relaxed));
        break;
      }
      case deed::late_wait: {
        std::optional<word_type> w(1);
        const word_type* const gone = &*w;
        w.reset();
        P::wait(*gone, 0, core::never);
        break;
      }
      case deed::late_cell: {
        using cell_type = typename P::template cell<int>;
        void* const p = P::allocate(sizeof(cell_type), alignof(cell_type));
        auto* const c = ::new (p) cell_type;
        c->construct(1);
        P::deallocate(p, sizeof(cell_type), alignof(cell_type));
        c->take();
        break;
      }
      case deed::uninitialised: cell.take(); break;
      case deed::overwrite:
        cell.construct("a");
        cell.construct("b");
        break;
      case deed::leave_a_value: cell.construct("left"); break;
      case deed::aligned: {
        void* const p = P::allocate(sizeof(fat), alignof(fat));
        if (reinterpret_cast<std::uintptr_t>(p) % alignof(fat) != 0)
          P::fail(kind::assertion, "not aligned");
        static_cast<fat*>(std::memset(p, 1, sizeof(fat)))->bytes[1] = 2;
        P::deallocate(p, sizeof(fat), alignof(fat));
        break;
      }
      case deed::spin:
        P::await(word, [](std::uint32_t w) { return w == 1; }, at<"test.spin">(relaxed));
        break;
      case deed::escape: throw std::runtime_error("out of a thread");
      case deed::wrap: {
        typename P::template atomic<std::uint8_t> small(250);
        small.fetch_add(10, at<"test.add">(relaxed));
        if (small.load(at<"test.load">(relaxed)) != 4) P::fail(kind::assertion, "no wrap-around");
        if (small.fetch_or(3, at<"test.or">(relaxed)) != 4 ||
            small.fetch_sub(8, at<"test.sub">(relaxed)) != 7 ||
            small.exchange(9, at<"test.swap">(relaxed)) != 255)
          P::fail(kind::assertion, "another value");
        break;
      }
      case deed::empty_handed_block: break;
    }
  }

  typename P::template atomic<std::uint32_t> word{0};
  deed what;
};

TEST(relacy_engine, misdeeds_are_reported_as_what_they_are) {
  const auto failure = [](deed d) { return run<misdeeds>(search::full(), {}, {d}).failure; };
  EXPECT_EQ(failure(deed::wait), kind::deadlock);
  EXPECT_EQ(failure(deed::empty_handed_block), kind::deadlock);
  EXPECT_EQ(failure(deed::spin), kind::livelock);
  EXPECT_EQ(failure(deed::leak), kind::leak);
  EXPECT_EQ(failure(deed::double_free), kind::bad_free);
  EXPECT_EQ(failure(deed::late_load), kind::use_after_free);
  EXPECT_EQ(failure(deed::late_wait), kind::use_after_free);
  EXPECT_EQ(failure(deed::late_cell), kind::use_after_free);
  EXPECT_EQ(failure(deed::uninitialised), kind::uninitialised);
  EXPECT_EQ(failure(deed::overwrite), kind::lost);
  EXPECT_EQ(failure(deed::leave_a_value), kind::leak);
  EXPECT_EQ(failure(deed::escape), kind::assertion);
}

TEST(relacy_engine, good_deeds_pass) {
  for (const deed d : {deed::timed_wait, deed::aligned, deed::wrap}) {
    const result r = run<misdeeds>(search::full(), {}, {d});
    EXPECT_EQ(r.verdict, verdict::passed) << r.failure << ": " << r.message << '\n' << r.history;
  }
}

template <class P>
struct freed_by_the_last : two_threads<P> {
  using two_threads<P>::two_threads;
  struct shared {
    typename P::template atomic<std::uint32_t> count{2};
    typename P::template atomic<std::uint32_t> used{0};
  };
  void before() { object = ::new (P::allocate(sizeof(shared), alignof(shared))) shared; }
  void thread(unsigned) {
    object->used.fetch_add(1, at<"test.use">(relaxed));
    if (object->count.fetch_sub(1, at<"test.drop">(acq_rel)) != 1) return;
    object->~shared();
    P::deallocate(object, sizeof(shared), alignof(shared));
  }
  shared* object = nullptr;
};

TEST(relacy_engine, an_unordered_end_of_life_is_a_data_race) {
  EXPECT_EQ(run<freed_by_the_last>(search::full()).verdict, verdict::passed);
  for (const std::memory_order o : {acquire, release, relaxed}) {
    const weakened w("test.drop", o);
    EXPECT_EQ(run<freed_by_the_last>(search::full()).failure, kind::data_race);
  }
}

struct outcomes {
  unsigned* seen;
};

/// Two threads wait for the word, which is zero for ever; the third wakes one of them, and the
/// other gives up.
/// Without involuntary switches they go to sleep in the order in which they count themselves.
template <class P>
struct two_sleepers {
  static constexpr unsigned threads = 3;
  using config = outcomes;
  explicit two_sleepers(const config& c) : seen(c.seen) {}
  void before() {}
  void thread(unsigned index) {
    if (index == 2) {
      while (asleep.load(at<"test.asleep">(relaxed)) != 2) {
        P::await(asleep, [](std::uint32_t n) { return n == 2; }, at<"test.await">(relaxed));
      }
      P::wake(&word, 1);
      return;
    }
    asleep.fetch_add(1, at<"test.sleep">(relaxed));
    if (first_asleep == threads) first_asleep = index;
    const auto why = P::wait(word, 0, P::now() + std::chrono::hours(1));
    if (why != core::wait_result::woken)
      one_gave_up = true;
    else if (first_asleep == 0 && !one_gave_up)
      *seen |= 1U << index;
  }
  void after() {}
  typename P::template atomic<std::uint32_t> word{0};
  typename P::template atomic<std::uint32_t> asleep{0};
  unsigned first_asleep = threads;
  bool one_gave_up = false;
  unsigned* seen;
};

TEST(relacy_engine, either_sleeper_may_be_woken) {
  unsigned seen = 0;
  const result r = run<two_sleepers>(search::bounded(0), {}, {&seen});
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << ": " << r.message << '\n' << r.history;
  EXPECT_EQ(seen, 3U);
}

template <class P>
struct sleep_adds_no_order : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) {
      data.construct(1);
      word.store(1, at<"test.open">(relaxed));
      P::wake(&word, 1);
    } else if (P::wait(word, 0, core::never) == core::wait_result::woken) {
      data.read([](int d) { return d; });
    }
  }
  void after() { data.destroy(); }
  typename P::template atomic<std::uint32_t> word{0};
  typename P::template cell<int> data;
};

TEST(relacy_engine, waking_orders_nothing) {
  const result r = run<sleep_adds_no_order>(search::full());
  EXPECT_EQ(r.failure, kind::data_race) << r.message;
  EXPECT_NE(r.history.find("wakes thread 1"), std::string::npos) << r.history;
}

template <class P>
struct wait_for_flag : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) {
      data.construct(1);
      flag.store(&data, at<"test.set">(release));
    } else {
      P::await(flag, [](auto* p) { return p != nullptr; }, at<"test.await">(acquire))->take();
    }
  }
  typename P::template cell<int> data;
  typename P::template atomic<typename P::template cell<int>*> flag{nullptr};
};

TEST(relacy_engine, await_ends_and_orders) {
  EXPECT_EQ(run<wait_for_flag>(search::full()).verdict, verdict::passed);
  EXPECT_EQ(run<wait_for_flag>(search::random(500)).verdict, verdict::passed);
  const weakened w("test.await", relaxed);
  EXPECT_EQ(run<wait_for_flag>(search::full()).failure, kind::data_race);
}

template <class P>
struct ordered_moments : two_threads<P> {
  using two_threads<P>::two_threads;
  void before() { first = P::moment(); }
  void thread(unsigned index) {
    if (!P::moment().after(first) || first.after(P::moment()))
      P::fail(kind::assertion, "the threads do not follow what was before them");
    if (index == 0) {
      early = P::moment();
      flag.store(1, at<"test.set">(release));
      late = P::moment();
    } else if (flag.load(at<"test.get">(acquire)) == 1) {
      const moment here = P::moment();
      if (!here.after(early)) P::fail("unordered", "the flag orders nothing");
      if (here.after(late)) P::fail(kind::assertion, "ordered after the flag");
      if (early.after(here)) P::fail(kind::assertion, "before its own cause");
    }
  }
  void after() {
    const moment last = P::moment();
    if (!last.after(first) || !last.after(early) || !last.after(late) || first.after(last) ||
        late.after(last) || !P::moment().after(last))
      P::fail(kind::assertion, "the end does not follow all");
  }
  typename P::template atomic<std::uint32_t> flag{0};
  moment first{};
  moment early{};
  moment late{};
};

TEST(relacy_engine, moments_tell_happens_before) {
  EXPECT_EQ(run<ordered_moments>(search::full()).verdict, verdict::passed);
  const weakened w("test.get", relaxed);
  EXPECT_EQ(run<ordered_moments>(search::full()).failure, "unordered");
}

/// Three stretches a thread, up to each store and to the end: (6 choose 3) orders.
template <class P>
struct two_stores : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    words[index].store(1, at<"test.first">(relaxed));
    words[index].store(2, at<"test.second">(relaxed));
  }
  void after() {
    if (words[0].load(at<"test.load">(relaxed)) != 2) P::fail(kind::assertion, "not two");
  }
  std::array<typename P::template atomic<std::uint32_t>, 2> words{
      typename P::template atomic<std::uint32_t>{0}, typename P::template atomic<std::uint32_t>{0}};
};

TEST(relacy_engine, a_search_has_the_known_number_of_executions) {
  EXPECT_EQ(run<two_stores>(search::full()).executions, 20U);
  EXPECT_EQ(run<two_stores>(search::bounded(0)).executions, 2U);
  EXPECT_EQ(run<two_stores>(search::bounded(1)).executions, 6U);
  EXPECT_EQ(run<two_stores>(search::bounded(9)).executions, 20U);
}

TEST(relacy_engine, a_mutation_changes_an_operand) {
  current_mutation() = {"test.second", [](std::uint64_t v) { return v + 1; }};
  EXPECT_EQ(run<two_stores>(search::bounded(0)).failure, kind::assertion);
  current_mutation() = {};
}

template <class P>
struct choosing {
  static constexpr unsigned threads = 1;
  using config = nothing;
  explicit choosing(const config&) {}
  void before() {}
  void thread(unsigned) {
    const unsigned a = P::choose(3);
    const unsigned b = P::choose(4);
    P::note("chosen");
    if (a == 2 && b == 1) P::fail(kind::assertion, "the choice");
  }
  void after() {}
};

TEST(relacy_engine, choices_are_explored_in_order) {
  const result r = run<choosing>(search::full());
  EXPECT_EQ(r.message, "the choice");
  EXPECT_EQ(r.executions, 10U);
  EXPECT_EQ(r.replay, "full:21");
  EXPECT_NE(r.history.find("| chosen"), std::string::npos) << r.history;
}

TEST(relacy_engine, a_limit_leaves_a_search_incomplete) {
  options o;
  o.limit = 5;
  const result r = run<choosing>(search::full(), o);
  EXPECT_EQ(r.verdict, verdict::incomplete);
  EXPECT_EQ(r.executions, 5U);
  o.limit = 10;
  EXPECT_EQ(run<choosing>(search::full(), o).verdict, verdict::failed);
}

TEST(relacy_engine, a_random_search_makes_as_many_executions_as_asked_for) {
  EXPECT_EQ(run<message_passing>(search::random(123)).executions, 123U);
  EXPECT_EQ(run<message_passing>(search::random(123, 5)).executions, 123U);
}

TEST(relacy_engine, progress_is_reported) {
  std::uint64_t reports = 0;
  double last = 0;
  options o;
  o.progress = [&](std::uint64_t, double done) {
    ++reports;
    last = done;
  };
  EXPECT_EQ(run<three_lockers>(search::bounded(3), o).verdict, verdict::passed);
  EXPECT_GT(reports, 0U);
  EXPECT_GT(last, 0);
  EXPECT_LE(last, 1);
}

TEST(relacy_engine, a_wrong_replay_is_refused) {
  options o;
  for (const char* wrong :
       {"", "full", "full:A", "bounded:1", "bounded:x:1", "random:", "once:1"}) {
    o.replay = std::string(wrong) + (*wrong == '\0' ? ":" : "");
    if (o.replay == "full" || o.replay == "bounded:1") continue;
    EXPECT_THROW(run<choosing>(search::full(), o), std::invalid_argument) << wrong;
  }
  o.replay = "full:9";
  EXPECT_EQ(run<choosing>(search::full(), o).verdict, verdict::incomplete);
}

template <class P>
struct one_message : two_threads<P> {
  using parts = core::shipped_parts<P>;
  using channel = core::channel<P, int, parts, core::receivers::one>;
  using two_threads<P>::two_threads;
  void before() {
    channel* const c = channel::make_bounded(1);
    tx.emplace(c);
    rx.emplace(c);
  }
  void thread(unsigned index) {
    if (index == 0) {
      if (!tx->send(1)) P::fail(kind::lost, "not sent");
      tx.reset();
    } else {
      const auto m = rx->recv();
      if (!m || *m != 1) P::fail(kind::lost, "not received");
      rx.reset();
    }
  }
  std::optional<core::basic_sender<int, P, parts, core::receivers::one>> tx;
  std::optional<core::basic_receiver<int, P, parts, core::receivers::one>> rx;
};

TEST(relacy_engine, a_channel_hands_over_a_message) {
  const result r = run<one_message>(search::bounded(2));
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << ": " << r.message << '\n' << r.history;
}

}  // namespace
}  // namespace runnel::check
