// SPDX-License-Identifier: MIT
//
// How scenarios with coroutines are registered: on the explorer and on real threads.
#pragma once

#include "select_scenarios.hpp"

#include <string>
#include <utility>
#include <vector>

namespace runnel::check {

using as = async_program::runs_as;

inline void add_coroutines(scenario_file& file, const std::string& variant, async_program p,
                           bool mpmc) {
  file.made_for({mpmc ? "mpmc" : "mpsc"});
  file.explored(variant, [p = std::move(p), mpmc](engine e, const search& how, const options& o) {
    return check::run(e, p, mpmc, how, o);
  });
}

/// Programs of two threads have mpsc channels, those of three mpmc ones.
inline void add_coroutines(scenario_file& file, const std::string& variant,
                           const async_program& p) {
  add_coroutines(file, variant, p, p.threads.size() == 3);
}
/// The same, on one channel of the flavour.
inline void add_coroutines(scenario_file& file, const std::string& variant, capacity c,
                           std::vector<std::vector<select_step>> threads,
                           std::vector<as> threads_run_as) {
  add_coroutines(file, variant + flavour_text(c),
                 {{{c}, std::move(threads)}, std::move(threads_run_as)});
}

/// The same with operations that are posted.
inline void add_posted(scenario_file& file, const std::string& variant, capacity c,
                       std::vector<std::vector<select_step>> threads,
                       std::vector<as> threads_run_as) {
  add_coroutines(file, variant + flavour_text(c),
                 {{{c}, std::move(threads)}, std::move(threads_run_as), true});
}

}  // namespace runnel::check
