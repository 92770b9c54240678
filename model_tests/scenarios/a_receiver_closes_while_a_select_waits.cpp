// SPDX-License-Identifier: MIT
//
// A select looks, joins the lists of its cases or sleeps in them, or waits for a close by one of its cases,
// while a receiver closes one of the channels: it reports that case, or does the other one, and keeps its values.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

const std::vector<select_step> closes{plain(0, close())};

void fill_for_one(scenario_file& file, capacity c) {
  const auto add = [&](const std::string& variant, std::vector<std::vector<select_step>> threads,
                       bool mpmc = false) {
    add_selects(file, variant + flavour_text(c), search::random(5000), {{c}, std::move(threads)},
                mpmc);
  };
  const std::vector<select_step> waits{select({{0, closed()}})};
  add("it waits for that alone", {waits, closes});
  add("it tries", {{try_select({{0, closed()}}), plain(0, try_send(1))}, closes});
  add("it has a deadline", {{select_for({{0, closed()}}), plain(0, try_send(1))}, closes});
  add("it is stopped", {{stoppable(select({{0, closed()}}))}, closes, {plain(0, request_stop())}});
  add("a sender is stopped", {{stoppable(plain(0, closed()))}, closes, {plain(0, request_stop())}});
  add("it sends or is told", {{select({{0, send(1)}, {0, closed()}})}, closes});
  add("it is told or sends", {{select({{0, closed()}, {0, send(1)}})}, closes});
  add("it is told, then receives",
      {{plain(0, closed_for()), plain(0, try_recv())}, closes, {plain(0, send(1))}}, true);
  add("it receives",
      {{select({{0, recv()}}), plain(0, drop_sender())}, closes, {plain(0, try_send(1))}}, true);
}

void fill(scenario_file& file) {
  for (const auto c : flavours()) fill_for_one(file, c);
  for (const auto& [a, b] : pairs_of_flavours()) {
    const auto add = [&](const std::string& variant,
                         std::vector<std::vector<select_step>> threads) {
      add_selects(file, variant + flavours_text(a, b), search::random(5000),
                  {{a, b}, std::move(threads)}, true);
    };
    add("two receives", {{select({{0, recv()}, {1, recv()}}), plain(0, drop_sender())},
                         closes,
                         {plain(1, try_send(1))}});
    add("a close or a message",
        {{select({{0, closed()}, {1, recv()}})}, closes, {plain(1, try_send(1))}});
  }
  add_selects(file, "two sends, rendezvous", search::random(5000),
              {{rendezvous, rendezvous},
               {{select({{0, send(1)}, {1, send(2)}})}, closes, {plain(1, try_recv())}}});
  add_selects(file, "two sends, full", search::random(5000),
              {{1, 1},
               {{plain(0, send(1)), plain(1, send(2)), select({{0, send(3)}, {1, send(4)}})},
                closes,
                {plain(1, try_recv())}}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
