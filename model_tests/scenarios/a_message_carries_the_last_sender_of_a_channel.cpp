// SPDX-License-Identifier: MIT
//
// A message holds a handle; it is destroyed by the drop of the last receiver, or by its receiver, or
// comes back to its sender, and with it goes the last sender of another channel, or of its own:
// whoever waits there wakes up, and nothing is freed twice or kept.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const auto parcel = [&file](const std::string& variant, const parcel_program& p) {
    file.made_for({p.mpmc ? "mpmc" : "mpsc"});
    file.add(
        variant, p.capacity == rendezvous ? search::bounded(2) : search::bounded(1),
        [p](engine e, const search& how, const options& o) { return check::run(e, p, how, o); });
  };
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    const std::string of = std::string(", ") + name;
    parcel("another's, received" + of, {capacity, true, false});
    parcel("another's, not received" + of, {capacity, false, false});
    parcel("its own, received" + of, {capacity, true, true});
    parcel("its own, not received" + of, {capacity, false, true});
  }
  parcel("its own, received, unbounded, mpmc", {unbounded, true, true, true});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
