// SPDX-License-Identifier: MIT
//
// An instantiation of all that is in the public headers: see warnings_test.py, which includes them, and
// then this as a file of the system, so that only what the headers do is told. Not run.
#include <runnel/model/check.hpp>
#include <runnel/model/mutex.hpp>
#include <runnel/runnel.hpp>

#include "no_exceptions/operations.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <sstream>
#include <string>
#ifdef __cpp_lib_format
#include <format>
#endif

// Every member of what has no parameters but types; the operations below do the rest.
namespace runnel {
template class core::basic_sender<std::string, core::std_platform,
                                  core::shipped_parts<core::std_platform>, core::receivers::one>;
template class core::basic_sender<std::string, core::std_platform,
                                  core::shipped_parts<core::std_platform>, core::receivers::many>;
template class core::basic_receiver<std::string, core::std_platform,
                                    core::shipped_parts<core::std_platform>, core::receivers::one>;
template class core::basic_receiver<std::string, core::std_platform,
                                    core::shipped_parts<core::std_platform>, core::receivers::many>;
template class mpsc::sender<char>;
template class mpsc::receiver<char>;
template class mpmc::sender<char>;
template class mpmc::receiver<char>;
template class core::ring<core::std_platform, char, core::shipped_geometry>;
template class core::list<core::std_platform, char, core::shipped_geometry>;
template class core::sole_list<core::std_platform, char, core::shipped_geometry>;
template class core::rendezvous<core::std_platform, char>;
template class core::wait_list<core::std_platform>;
template class core::handle_count<core::std_platform>;

template class model::atomic<bool>;
template class model::atomic<std::uint8_t>;
template class model::atomic<long>;
template class model::atomic<float>;
template class model::atomic<int*>;
template class model::cell<std::string>;
template class model::var<int>;
template class model::counting_semaphore<2>;
template class model::barrier<>;
}  // namespace runnel

void print_errors(std::ostringstream& out);
void print_errors(std::ostringstream& out) {
  const auto e = runnel::mpsc::channel<int>().first.send(1).error();
  out << e << e.reason << runnel::recv_errc::empty << (e == runnel::send_errc::full);
  const std::error_code code = runnel::recv_errc::empty;
  out << code << (code == runnel::recv_errc::empty) << (code == e.reason);
#ifdef __cpp_lib_format
  out << std::format("{}{}{}", e, e.reason, runnel::recv_errc::empty);
#endif
}

namespace {
struct state {
  runnel::model::atomic<int> number{0};
  runnel::model::mutex lock;
};
struct program {
  static constexpr unsigned threads = 2;
  void thread(unsigned) { flag.test_and_set(); }
  runnel::model::atomic_flag flag;
};

// Members that are templates.
template <class Mutex>
void lock_for_a_time(Mutex& m) {
  const auto second = std::chrono::seconds(1);
  const auto now = std::chrono::steady_clock::now();
  (void)std::unique_lock(m, second);
  (void)std::unique_lock(m, now);
  runnel::model::condition_variable_any any;
  any.wait(m);
  any.wait(m, [] { return true; });
  (void)any.wait_for(m, second);
  (void)any.wait_until(m, now, [] { return true; });
}
struct blocking {
  static constexpr unsigned threads = 1;
  void thread(unsigned) {
    const auto second = std::chrono::seconds(1);
    lock_for_a_time(timed);
    lock_for_a_time(recursive);
    lock_for_a_time(shared);
    (void)std::shared_lock(shared, second);
    std::unique_lock guard(lock);
    changed.wait(guard, [] { return true; });
    (void)changed.wait_for(guard, second);
    (void)changed.wait_for(guard, second, [] { return true; });
    (void)changed.wait_until(guard, std::chrono::steady_clock::now());
    (void)semaphore.try_acquire_for(second);
    runnel::model::call_once(once, [] { runnel::model::yield(); });
    gate.arrive_and_wait();
  }
  runnel::model::mutex lock;
  runnel::model::timed_mutex timed;
  runnel::model::recursive_timed_mutex recursive;
  runnel::model::shared_timed_mutex shared;
  runnel::model::condition_variable changed;
  runnel::model::binary_semaphore semaphore{1};
  runnel::model::once_flag once;
  runnel::model::latch gate{1};
};
}  // namespace

int main(int argc, char** argv) {
  all_operations();
  const auto body = [](state& s) { ++s.number; };
  return runnel::model::check<state>("state", argc, argv, body, body) +
         runnel::model::check<program>("program", argc, argv) +
         runnel::model::check<blocking>("blocking", argc, argv);
}
