// SPDX-License-Identifier: MIT
//
// Whoever waits says so in the word it sleeps on, while its partner has the mutex, or waits for it, sends
// the signal, or has sent it and not yet made the system call. These run with the mutex and the signal that
// ship; the explorer has simpler ones in other channels.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const auto all_shipped = [](std::optional<std::size_t> capacity, std::vector<step> sends,
                              std::vector<step> receives) {
    return program{.capacity = capacity,
                   .threads = {sender(std::move(sends)), receiver(std::move(receives))},
                   .stays_open = true,
                   .all_shipped = true};
  };
  const auto with_faults_too = [&file](const std::string& variant, const program& p) {
    file.on_the_explorer(variant, p);
    file.with_faults(variant, [p](engine e, const search& how, const options& o) {
      return check::run(e, p, false, how, o);
    });
  };
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    const std::string of = std::string(", ") + name;
    with_faults_too("one message" + of, all_shipped(capacity, {send(1)}, {recv()}));
    with_faults_too("one message, with deadlines" + of,
                    all_shipped(capacity, {send_for(1)}, {recv_for()}));
  }
  file.on_the_explorer("two messages, capacity 1", all_shipped(1, {send(1), send(2)}, {recv()}));
  file.on_the_explorer("the second with a deadline, capacity 1",
                       all_shipped(1, {send(1), send_for(2)}, {recv()}));
  file.on_the_explorer("two messages, rendezvous",
                       all_shipped(rendezvous, {send(1), send(2)}, {recv(), recv()}));
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
