// SPDX-License-Identifier: MIT
//
// What the comments of the sites claim, against what was observed: `needs` ⊆ observed ⊆ `needs` ∪
// `also`. And both with what is known of each pair, for people to read.
#pragma once

#include "exploration.hpp"
#include "orders.hpp"
#include "record.hpp"

#include <set>
#include <string>
#include <vector>

namespace runnel::cli {

/// Each difference in a sentence: both names, where it was seen, and what to write where. Only of the
/// pairs with one of the sites `of`, if there are any.
std::vector<std::string> compare_claims(const std::vector<order_site>& sites,
                                        const observed_pairs& observed,
                                        const std::set<std::string>& of = {});

/// Whether the comment of one of the two says that it needs the other.
bool is_needed(const std::vector<order_site>& sites, const check::site_pair& pair);

enum class claim { needs, also, none };

/// All that is known of a pair.
struct pair_account {
  check::site_pair pair;
  cli::claim claim = claim::none;
  observed_pair seen;
  /// By the kind of channel; of pairs under `needs`.
  std::map<std::string, step_finding> findings;
};

/// By the names of the sites; also pairs that are claimed and were never observed.
std::vector<pair_account> accounts_of_pairs(const std::vector<order_site>& sites,
                                            const observed_pairs& observed,
                                            const order_record& record);

}  // namespace runnel::cli
