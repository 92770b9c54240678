// SPDX-License-Identifier: MIT
//
// Small random programs with selects, on one channel or two.
//
// Each of them ends on channels without a mistake. The first thread is on one side of each channel, all
// others are on the other side, and if it waits for ever, then for all channels: so either somebody is
// there who waits as well, and they meet, or the others have gone, and it is told. When it has gone
// itself, the others are told.
#pragma once

#include "random_source.hpp"

#include "support/program.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace runnel::check::fuzz {

/// The values are not numbered.
select_program random_selects(random_source& random, bool mpmc);

/// Grows with the number of executions. A program of more than `greatest_selects` is drawn again.
unsigned estimated_size(const select_program& p);
inline constexpr unsigned greatest_selects = 18;

/// Whether it can be run, and ends; as an mpsc program with one receiver on each channel.
bool is_valid(const select_program& p, bool mpmc);

std::size_t operations(const select_program& p);
void number_values(select_program& p);

/// The programs that have one thing less or one thing simpler, valid or not, the greatest steps first.
std::vector<select_program> simpler(const select_program& p);

/// As it stands in a scenario file: "select({{0, recv()}, {1, send(2)}})".
std::string text(const select_step& s);
/// "unbounded and capacity 1: thread({plain(0, send(1))}), thread({...})"
std::string text(const select_program& p);

}  // namespace runnel::check::fuzz
