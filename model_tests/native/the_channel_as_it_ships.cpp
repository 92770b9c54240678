// SPDX-License-Identifier: MIT
//
// The channel on the platform that ships, with its polling and its futexes, compiled as users compile it: the
// smallest program of each kind. Those that are known to end have to, with a number of executions
// that lies where it is known to lie; and a platform with a mistake has to fail.
//
//   the_channel_as_it_ships                what is known to end
//   the_channel_as_it_ships --all SECONDS  each of them, in full and with polls cut, for so long at most
#include <runnel/model/native.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/select.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using runnel::model::end_of_search;
using runnel::model::explore_native;
using runnel::model::explore_result;
namespace core = runnel::core;

void demand(bool condition, const char* what) { runnel_require(static_cast<int>(condition), what); }

// ---- Channels

enum class flavour : std::uint8_t { bounded, unbounded, rendezvous };

/// Loads and stores of one site have no order.
template <core::site_name Weak>
struct mistaken_platform : core::std_platform {
  template <class T>
  class atomic : public core::std_platform::atomic<T> {
    using base = core::std_platform::atomic<T>;
    template <core::site_name N>
    static constexpr core::at<N> as_it_is(core::at<N> site) {
      return N.view() == Weak.view() ? core::at<N>(core::relaxed) : site;
    }

   public:
    using base::base;
    template <core::site_name N>
    [[nodiscard]] T load(core::at<N> site) const noexcept {
      return base::load(as_it_is(site));
    }
    template <core::site_name N>
    void store(T value, core::at<N> site) noexcept {
      base::store(value, as_it_is(site));
    }
  };
};

template <class Sender, class Receiver>
std::pair<Sender, Receiver> made(flavour f) {
  using channel = typename Sender::channel_type;
  auto* const c = f == flavour::unbounded ? channel::make_unbounded()
                                          : channel::make_bounded(f == flavour::bounded ? 1 : 0);
  return {Sender(c), Receiver(c)};
}
struct mpsc {
  static auto make(flavour f) {
    if (f == flavour::unbounded) return runnel::mpsc::channel<int>();
    return runnel::mpsc::sync_channel<int>(f == flavour::bounded ? 1 : 0);
  }
};
struct mpmc {
  static auto make(flavour f) {
    if (f == flavour::unbounded) return runnel::mpmc::channel<int>();
    return runnel::mpmc::sync_channel<int>(f == flavour::bounded ? 1 : 0);
  }
};
template <core::site_name Weak>
struct mistaken {
  using platform = mistaken_platform<Weak>;
  static auto make(flavour f) {
    using parts = core::shipped_parts<platform>;
    return made<core::basic_sender<int, platform, parts, core::receivers::one>,
                core::basic_receiver<int, platform, parts, core::receivers::one>>(f);
  }
};

// ---- What the threads do: one starts another, and joins it

template <class A, class B>
void both(A there, B here) {
  std::thread t([](const A* f) { (*f)(); }, &there);
  here();
  t.join();
}

template <class Channel>
struct programs {
  static void a_message_arrives_or_not(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { (void)s.try_send(1); },
         [&r = rx] {
           const auto m = r.try_recv();
           demand(!m || *m == 1, "it is the one that was sent");
         });
  }
  static void a_message_arrives(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { demand(s.send(1).has_value(), "it is sent"); },
         [&r = rx] {
           const auto m = r.recv();
           demand(m && *m == 1, "it arrives");
         });
  }
  static void a_message_arrives_in_time_or_not(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { (void)s.try_send(1); },
         [&r = rx] {
           const auto m = r.recv_for(std::chrono::microseconds(1));
           demand(!m || *m == 1, "it is the one that was sent");
         });
  }
  static void two_messages_arrive(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { demand(s.send(1) && s.send(2), "they are sent"); },
         [&r = rx] {
           const auto first = r.recv();
           demand(first && *first == 1, "the first is the first");
           const auto second = r.recv();
           demand(second && *second == 2, "the second is the second");
         });
  }
  static void two_senders_try(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { (void)s.try_send(1); }, [&s = tx] { (void)s.try_send(2); });
    demand(rx.try_recv().has_value() == (f != flavour::rendezvous), "there is room for one");
  }
  static void the_sender_goes(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { s.reset(); }, [&r = rx] { demand(!r.recv(), "there is no message"); });
  }
  static void the_sender_goes_and_a_receiver_tries(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { s.reset(); }, [&r = rx] { demand(!r.try_recv(), "there is no message"); });
  }
  static void the_receiver_goes(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&r = rx] { r.reset(); }, [&s = tx] { (void)s.try_send(1); });
  }
  static void the_receiver_goes_while_a_sender_waits(flavour f) {
    auto [tx, rx] = Channel::make(f);
    const bool is_full = tx.try_send(1).has_value();
    both([&r = rx] { r.reset(); },
         [&s = tx, is_full] { demand(!s.send(2) || !is_full, "there is no room"); });
  }
  static void both_go(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&r = rx] { r.reset(); }, [&s = tx] { s.reset(); });
  }
  static void a_message_and_the_end(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both(
        [&s = tx] {
          demand(s.send(1).has_value(), "it is sent");
          s.reset();
        },
        [&r = rx] {
          const auto m = r.recv();
          demand(m && *m == 1, "it arrives");
          demand(!r.recv(), "there is no other");
        });
  }
  static void two_receivers_try(flavour f) {
    auto [tx, rx] = Channel::make(f);
    const int sent = tx.try_send(1) ? 1 : 0;
    int there = 0;
    int here = 0;
    both([&, &r = rx] { there = r.try_recv() ? 1 : 0; },
         [&, &r = rx] { here = r.try_recv() ? 1 : 0; });
    demand(there + here == sent, "one of them has it");
  }
  static constexpr auto value = [](const auto& m) { return m ? *m : 0; };
  static void a_select_looks_for_a_message(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { (void)s.try_send(1); },
         [&r = rx] {
           const auto m = runnel::try_select(runnel::biased, runnel::on_recv(r, value));
           demand(!m || *m == 1, "it is the one that was sent");
         });
  }
  static void a_select_waits_for_a_message(flavour f) {
    auto [tx, rx] = Channel::make(f);
    auto [other_tx, other_rx] = Channel::make(f);
    both([&s = tx] { (void)s.send(1); },
         [&r = rx, &other = other_rx] {
           demand(runnel::select(runnel::biased, runnel::on_recv(r, value),
                                 runnel::on_recv(other, value)) == 1,
                  "it arrives");
         });
  }
  static void the_sender_goes_while_a_select_waits(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&s = tx] { s.reset(); },
         [&r = rx] {
           demand(runnel::select(runnel::biased, runnel::on_recv(r, value)) == 0,
                  "there is no message");
         });
  }
  static void a_select_looks_for_room(flavour f) {
    auto [tx, rx] = Channel::make(f);
    both([&r = rx] { (void)r.try_recv(); },
         [&s = tx] {
           int message = 1;
           const auto sent = [](const auto& r) { return r.has_value(); };
           (void)runnel::try_select(runnel::biased, runnel::on_send(s, message, sent));
         });
  }
};

// ---- What is known of them

struct scenario {
  const char* channel;
  flavour kind;
  const char* name;
  void (*body)(flavour);

  [[nodiscard]] std::string full_name() const {
    constexpr std::array kinds{"bounded 1", "unbounded", "rendezvous"};
    return std::string(channel) + ", " + kinds.at(static_cast<std::size_t>(kind)) + ": " + name;
  }
};

template <class Channel>
void add(std::vector<scenario>& all, const char* channel, bool is_many) {
  using p = programs<Channel>;
  for (const flavour f : {flavour::bounded, flavour::unbounded, flavour::rendezvous}) {
    const auto one = [&](const char* name, void (*body)(flavour)) {
      all.push_back({channel, f, name, body});
    };
    one("a message arrives or not", p::a_message_arrives_or_not);
    one("a message arrives", p::a_message_arrives);
    one("a message arrives in time or not", p::a_message_arrives_in_time_or_not);
    one("two messages arrive", p::two_messages_arrive);
    one("two senders try", p::two_senders_try);
    if (is_many) one("two receivers try", p::two_receivers_try);
    one("the sender goes", p::the_sender_goes);
    one("the sender goes and a receiver tries", p::the_sender_goes_and_a_receiver_tries);
    one("the receiver goes", p::the_receiver_goes);
    if (f != flavour::unbounded)
      one("the receiver goes while a sender waits", p::the_receiver_goes_while_a_sender_waits);
    one("both go", p::both_go);
    one("a message and the end", p::a_message_and_the_end);
    one("a select looks for a message", p::a_select_looks_for_a_message);
    one("a select looks for room", p::a_select_looks_for_room);
    one("a select waits for a message", p::a_select_waits_for_a_message);
    one("the sender goes while a select waits", p::the_sender_goes_while_a_select_waits);
  }
}

/// How many executions there are, with any compiler that was tried: as the first turn of a loop that polls may be
/// compiled otherwise than the others, there are bounds.
struct expectation {
  const char* name;
  bool cuts_polls;
  std::uint64_t least;
  std::uint64_t most;
};
constexpr bool in_full = false;
constexpr bool cut = true;
/// All others do not end within seconds.
constexpr std::array known{
    expectation{"bounded 1: a message arrives or not", in_full, 78, 79},
    expectation{"bounded 1: two senders try", in_full, 10, 10},
    expectation{"bounded 1: two receivers try", in_full, 10, 10},
    expectation{"bounded 1: the sender goes and a receiver tries", in_full, 2, 2},
    expectation{"bounded 1: the receiver goes", in_full, 79, 80},
    expectation{"bounded 1: both go", in_full, 6, 6},
    expectation{"bounded 1: a select looks for a message", in_full, 78, 79},
    expectation{"bounded 1: a select looks for room", in_full, 78, 79},
    expectation{"unbounded: a message arrives or not", in_full, 78, 79},
    expectation{"unbounded: two senders try", in_full, 4, 4},
    expectation{"unbounded: two receivers try", in_full, 4, 4},
    expectation{"unbounded: the sender goes and a receiver tries", in_full, 2, 2},
    expectation{"unbounded: the receiver goes", in_full, 79, 80},
    expectation{"unbounded: both go", in_full, 6, 6},
    expectation{"unbounded: a select looks for a message", in_full, 78, 79},
    expectation{"unbounded: a select looks for room", in_full, 78, 79},
    expectation{"rendezvous: a message arrives or not", in_full, 62, 62},
    expectation{"rendezvous: a message arrives", in_full, 1984, 1984},
    expectation{"rendezvous: two senders try", in_full, 62, 62},
    expectation{"rendezvous: two receivers try", in_full, 62, 62},
    expectation{"rendezvous: the sender goes", in_full, 4073, 4073},
    expectation{"rendezvous: the sender goes and a receiver tries", in_full, 3112, 3112},
    expectation{"rendezvous: the receiver goes", in_full, 3112, 3112},
    expectation{"rendezvous: the receiver goes while a sender waits", in_full, 4073, 4073},
    expectation{"rendezvous: a select looks for a message", in_full, 62, 62},
    expectation{"rendezvous: a select looks for room", in_full, 62, 62},
};
#ifndef __clang__
/// Those that end with GCC alone.
constexpr std::array known_with_gcc{
    expectation{"rendezvous: a select waits for a message", cut, 500, 1000},
    expectation{"mpsc, bounded 1: a message arrives", cut, 200, 400},
    expectation{"mpsc, unbounded: a message arrives", cut, 200, 400},
    expectation{"bounded 1: a select waits for a message", cut, 500, 1000},
    expectation{"unbounded: a select waits for a message", cut, 500, 1000},
};
#endif

// ---- The search

explore_result explored(const scenario& s, bool cuts_polls, double seconds) {
  return explore_native([&s] { s.body(s.kind); }, {.seconds = seconds}, {.cuts_polls = cuts_polls});
}

/// A line of the table. Whether nothing has failed.
bool tell(const std::string& name, bool cuts_polls, const explore_result& r) {
  std::cout << "| " << name << " | " << (cuts_polls ? "cut" : "") << " | " << r.complete << " | ";
  switch (r.end) {
    case end_of_search::exhausted: std::cout << "all"; break;
    case end_of_search::cut: std::cout << "not all"; break;
    case end_of_search::failed: std::cout << r.failure << ": " << r.message; break;
  }
  std::cout << " | " << std::fixed << std::setprecision(2) << r.time << " s |" << std::endl;
  if (r.end == end_of_search::failed) std::cerr << r.history;
  return r.end != end_of_search::failed;
}

bool is_as_known(const scenario& s, const expectation& e) {
  constexpr double limit = 60;
  const explore_result r = explored(s, e.cuts_polls, limit);
  if (!tell(s.full_name(), e.cuts_polls, r)) return false;
  if (r.end == end_of_search::exhausted && e.least <= r.complete && r.complete <= e.most)
    return true;
  std::cerr << s.full_name() << ": expected to end after " << e.least << " to " << e.most
            << " executions\n";
  return false;
}

bool all_that_is_known(const std::vector<scenario>& all) {
  bool is_right = true;
  const auto check = [&](const expectation& e) {
    for (const scenario& s : all) {
      if (s.full_name().ends_with(e.name)) is_right = is_as_known(s, e) && is_right;
    }
  };
  for (const expectation& e : known) check(e);
#ifndef __clang__
  for (const expectation& e : known_with_gcc) check(e);
#endif
  return is_right;
}

/// Whether the mistake of a platform is found.
bool is_found(const char* name, void (*body)(flavour), bool cuts_polls, std::string_view failure) {
  const explore_result r = explored({"mistaken", flavour::bounded, name, body}, cuts_polls, 60);
  std::cout << "| " << name << " | " << (cuts_polls ? "cut" : "") << " | " << r.complete << " | "
            << r.failure << " |\n";
  if (r.failure == failure) return true;
  std::cerr << name << ": expected to fail: " << failure << '\n';
  return false;
}

bool mistakes_are_found() {
  const bool race =
      is_found("a publication without order",
               programs<mistaken<"ring.publish">>::a_message_arrives_or_not, in_full, "data race");
  const bool lost =
      is_found("a look for waiters without order",
               programs<mistaken<"waiters.check">>::a_message_arrives, cut, "deadlock");
  return race && lost;
}

/// Each, within the time.
bool everything(const std::vector<scenario>& all, double seconds) {
  bool is_right = true;
  for (const scenario& s : all) {
    for (const bool cuts_polls : {in_full, cut})
      is_right = tell(s.full_name(), cuts_polls, explored(s, cuts_polls, seconds)) && is_right;
  }
  return is_right;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<scenario> all;
  add<mpsc>(all, "mpsc", false);
  add<mpmc>(all, "mpmc", true);
  try {
    if (argc == 3 && std::string_view(argv[1]) == "--all")
      return everything(all, std::stod(argv[2])) ? EXIT_SUCCESS : EXIT_FAILURE;
    if (argc != 1) {
      std::cerr << "takes nothing, or --all SECONDS\n";
      return EXIT_FAILURE;
    }
    const bool is_known = all_that_is_known(all);
    return mistakes_are_found() && is_known ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
  }
}
