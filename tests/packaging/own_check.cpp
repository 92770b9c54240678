// SPDX-License-Identifier: MIT
//
// A check of its own: the function is explored, not its main.
#include <runnel/model/native.hpp>

#include <atomic>
#include <thread>

int main(int argc, char** argv) {
  return runnel::model::check_native(
      "counter",
      [] {
        std::atomic<int> n{0};
        std::thread other([&n] { ++n; });
        ++n;
        other.join();
        runnel_require(n == 2 ? 1 : 0, "both have counted");
      },
      argc, argv);
}
