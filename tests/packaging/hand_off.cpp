// SPDX-License-Identifier: MIT
//
// A check of a hand-off, as a project has it that uses the package.
#include <runnel/model/check.hpp>

#include <atomic>

#ifndef PUBLISH
#define PUBLISH release
#endif

struct hand_off {
  runnel::model::var<int> value{0};
  runnel::model::atomic<bool> ready{false};
};

int main(int argc, char** argv) {
  return runnel::model::check<hand_off>(
      "a hand-off", argc, argv,
      [](hand_off& h) {
        h.value = 1;
        h.ready.store(true, std::memory_order::PUBLISH);
      },
      [](hand_off& h) {
        if (h.ready.load(std::memory_order::acquire))
          runnel::model::require(h.value == 1, "the value is lost");
      });
}
