// SPDX-License-Identifier: MIT
//
// Runnel's channels within a thread.
#include "our_coroutines.hpp"
#include "workloads.hpp"

#include <runnel/local.hpp>

#include <cstddef>
#include <optional>

namespace {

struct within_a_thread {
  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return capacity ? runnel::local::sync_channel<T>(*capacity) : runnel::local::channel<T>();
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto o = bench::parse(argc, argv);
  if (o.workload == "pool") return bench::unsupported();
  return bench::drive_coroutines<bench::our_coroutines<within_a_thread>>(o);
}
