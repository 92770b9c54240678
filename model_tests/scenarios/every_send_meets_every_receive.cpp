// SPDX-License-Identifier: MIT
//
// The matrix: each way of sending, and of not sending, against each way of receiving, and of not
// receiving, on each flavour. Either side may come first, at every step of the other.
//
//              recv    try_recv    recv_for    drop
//   send        x         x           x         x
//   try_send    x         x           x         x
//   send_for    x         x           x         x
//   drop        x         x           x         x
//   blocked     x         x           x         x     a second send that is blocked while the
//                                                      receiver goes away after its one call
//
// The unbounded channel in both forms: for one receiver and for many.
// Every thread drops its handle at the end, so each cell ends with a disconnect, too.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

struct row {
  const char* name;
  std::vector<step> steps;
};

void fill(scenario_file& file) {
  const std::vector<row> sending{{"send", {send(1)}},
                                 {"try_send", {try_send(1)}},
                                 {"send_for", {send_for(1)}},
                                 {"drop", {}},
                                 {"blocked", {send(1), send(2)}}};
  const std::vector<row> receiving{
      {"recv", {recv()}}, {"try_recv", {try_recv()}}, {"recv_for", {recv_for()}}, {"drop", {}}};
  struct flavour {
    const char* name;
    std::optional<std::size_t> capacity;
    bool mpmc;
  };
  const std::vector<flavour> flavours{{"capacity 1", 1, false},
                                      {"unbounded", unbounded, false},
                                      {"unbounded mpmc", unbounded, true},
                                      {"rendezvous", rendezvous, false}};
  for (const auto& [name, capacity, mpmc] : flavours) {
    for (const row& tx : sending) {
      const unsigned deeper = capacity == rendezvous ? 1 : 0;
      const unsigned bound = (tx.steps.size() > 1 ? 2 : 3) + deeper;
      for (const row& rx : receiving) {
        file.program(std::string(tx.name) + " meets " + rx.name + ", " + name,
                     search::bounded(bound),
                     program{capacity, {sender(tx.steps), receiver(rx.steps)}, 1}, mpmc);
      }
    }
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
