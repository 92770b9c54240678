// SPDX-License-Identifier: MIT
//
// A coroutine receives while a thread sends, a thread receives while a coroutine sends, or both are coroutines.
// Each is notified before, while and after it is suspended; what it was notified of may be gone when it is
// resumed. It is resumed where it was suspended, or in another thread, which then ends it: while the first one
// is still about to suspend it.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

const std::vector<select_step> sends_two{plain(0, send(1)), plain(0, send(2))};
const std::vector<select_step> receives_two{plain(0, recv()), plain(0, recv())};
const std::vector<select_step> receives_all{plain(0, recv()), plain(0, recv()), plain(0, recv())};

void fill(scenario_file& file) {
  for (const auto c : flavours()) {
    add_coroutines(file, "a coroutine receives", c, {receives_all, sends_two},
                   {as::coroutine, as::thread});
    add_coroutines(file, "a coroutine sends", c, {receives_all, sends_two},
                   {as::thread, as::coroutine});
    add_coroutines(file, "two coroutines", c, {receives_all, sends_two},
                   {as::coroutine, as::coroutine});
    add_coroutines(file, "a receive that moves", c, {{plain(0, recv())}, {}, {plain(0, send(1))}},
                   {as::moved, as::resumer_of_the_first, as::thread});
    add_coroutines(file, "a receive that moves" + flavour_text(c) + ", mpsc",
                   {{{c}, {{plain(0, recv())}, {}, {plain(0, send(1))}}},
                    {as::moved, as::resumer_of_the_first, as::thread}},
                   false);
    add_coroutines(file, "sends that move", c, {sends_two, {}, receives_two},
                   {as::moved, as::resumer_of_the_first, as::thread});
    // Another one takes what it was notified of.
    add_coroutines(file, "a receive, another receives", c,
                   {{plain(0, recv())}, {plain(0, send(1))}, {plain(0, try_recv())}},
                   {as::coroutine, as::thread, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
