// SPDX-License-Identifier: MIT
//
// Types of a user in a namespace full of greedy templates, and all operations with them: see
// greedy_names.py, which writes greedy_names.inc. Compiled, not run.
#include <runnel/model/check.hpp>
#include <runnel/runnel.hpp>
#include <runnel/select.hpp>
#include <runnel/stop.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <stop_token>
#include <utility>

/// An overload resolution that comes here is an error, whatever it would choose.
template <class... A>
struct trap {
  static_assert(sizeof...(A) > 1000, "a call of the headers has reached the user's namespace");
  using type = void;
};

namespace others {

struct clock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;
  static time_point now();
};
/// The number of a duration.
class number {
 public:
  constexpr explicit number(double value) : value_(value) {}
  constexpr operator double() const { return value_; }

 private:
  double value_;
};
struct state {
  runnel::model::atomic<int> n{0};
  void after() {}
  void* operator new(std::size_t) = delete;
  void operator delete(void*) = delete;
};
struct program {
  void* operator new(std::size_t) = delete;
  void operator delete(void*) = delete;
  static constexpr unsigned threads = 2;
  void thread(unsigned) {}
  void after() {}
};

#include "greedy_names.inc"

}  // namespace others

namespace users {

struct message {
  int value;
};

#include "greedy_names.inc"

#define RUNNEL_UNARY(op) \
  template <class A>     \
  void operator op(A&&) = delete;
#define RUNNEL_BINARY(op)     \
  template <class A, class B> \
  void operator op(A&&, B&&) = delete;
RUNNEL_UNARY(!)
RUNNEL_UNARY(~)
RUNNEL_UNARY(+)
RUNNEL_UNARY(-)
RUNNEL_UNARY(*)
RUNNEL_UNARY(&)
RUNNEL_UNARY(++)
RUNNEL_UNARY(--)
RUNNEL_BINARY(+)
RUNNEL_BINARY(-)
RUNNEL_BINARY(*)
RUNNEL_BINARY(/)
RUNNEL_BINARY(%)
RUNNEL_BINARY(&)
RUNNEL_BINARY(|)
RUNNEL_BINARY(^)
RUNNEL_BINARY(&&)
RUNNEL_BINARY(||)
RUNNEL_BINARY(<<)
RUNNEL_BINARY(>>)
RUNNEL_BINARY(->*)
RUNNEL_BINARY(+=)
RUNNEL_BINARY(-=)
RUNNEL_BINARY(==)
RUNNEL_BINARY(!=)
RUNNEL_BINARY(<)
RUNNEL_BINARY(>)
RUNNEL_BINARY(<=)
RUNNEL_BINARY(>=)
template <class A, class B>
void operator,(A&&, B&&) = delete;

}  // namespace users

template <class Sender, class Receiver>
void every_operation(const Sender& tx, Receiver& rx) {
  using users::message;
  const message m{1};
  const std::chrono::duration<others::number, std::micro> d(others::number(1.5));
  const auto t = others::clock::time_point() + std::chrono::hours(1);
  (void)tx.send(m);
  (void)tx.send(message{});
  (void)tx.try_send(m);
  (void)tx.try_send(message{});
  (void)tx.send_for(m, d);
  (void)tx.send_for(message{}, d);
  (void)tx.send_until(m, t);
  (void)tx.send_until(message{}, t);
  (void)rx.recv();
  (void)rx.try_recv();
  (void)rx.recv_for(d);
  (void)rx.recv_until(t);
  const std::stop_token stop;
  (void)tx.send(m, stop);
  (void)tx.send(message{}, stop);
  (void)tx.send_for(m, d, stop);
  (void)tx.send_until(m, t, stop);
  (void)rx.recv(stop);
  (void)rx.recv_for(d, stop);
  (void)rx.recv_until(t, stop);
  message kept{2};
  const auto ignore = [](const auto&) {};
  (void)runnel::select(stop, runnel::on_recv(rx, ignore), runnel::on_send(tx, kept, ignore));
  (void)runnel::select_for(d, stop, runnel::on_recv(rx, ignore));
  (void)runnel::select_until(t, stop, runnel::on_recv(rx, ignore));
  for (message v : rx) (void)v;
  for (message v : rx.try_iter()) (void)v;
  auto i = rx.begin();
  i++;
  i = rx.begin();
}

// All members, those of mpsc and mpmc and of the three flavours.
namespace runnel {
template class core::basic_sender<users::message, core::std_platform,
                                  core::shipped_parts<core::std_platform>, core::receivers::one>;
template class core::basic_sender<users::message, core::std_platform,
                                  core::shipped_parts<core::std_platform>, core::receivers::many>;
template class core::basic_receiver<users::message, core::std_platform,
                                    core::shipped_parts<core::std_platform>, core::receivers::one>;
template class core::basic_receiver<users::message, core::std_platform,
                                    core::shipped_parts<core::std_platform>, core::receivers::many>;
template class mpsc::sender<users::message>;
template class mpsc::receiver<users::message>;
template class mpmc::sender<users::message>;
template class mpmc::receiver<users::message>;
template std::pair<mpsc::sender<users::message>, mpsc::receiver<users::message>> mpsc::channel();
template std::pair<mpmc::sender<users::message>, mpmc::receiver<users::message>> mpmc::channel();
template std::pair<mpsc::sender<users::message>, mpsc::receiver<users::message>> mpsc::sync_channel(
    std::size_t);
template std::pair<mpmc::sender<users::message>, mpmc::receiver<users::message>> mpmc::sync_channel(
    std::size_t);

template class model::atomic<users::message>;
template class model::cell<users::message>;
template class model::test_program<others::program>;
}  // namespace runnel

template void every_operation(const runnel::mpsc::sender<users::message>&,
                              runnel::mpsc::receiver<users::message>&);
template void every_operation(const runnel::mpmc::sender<users::message>&,
                              runnel::mpmc::receiver<users::message>&);

int check_all(int argc, const char* const* argv) {
  runnel::model::atomic<users::message> a(users::message{});
  runnel::model::var<users::message> v(users::message{});
  const runnel::model::var<users::message> w = v;
  v = w;
  v = users::message{};
  v.set(w.get());
  (void)a.await([](users::message) { return true; });
  a.wait(users::message{});
  const auto body = [](others::state& s) {
    s.n++;
    return users::message{};
  };
  return runnel::model::check<others::state>("name", argc, argv, body, body) +
         runnel::model::check<others::program>("name", argc, argv);
}
