// SPDX-License-Identifier: MIT
//
// Runs a verifier and judges what it found by the manifest.
#pragma once

#include "manifest.hpp"

#include <check.hpp>

#include <filesystem>
#include <vector>

namespace runnel::spec {

/// Failures besides what is violated in a spec.
namespace failure {
inline constexpr const char* deadlock = "deadlock";
inline constexpr const char* disagreement = "Promela and C++ disagree";
inline constexpr const char* drift = "the numbers differ from the manifest";
}  // namespace failure

struct verifier_options {
  std::filesystem::path directory;     ///< of the verifiers
  std::uint64_t most_depth = 500'000;  ///< of a search
};

/// As a check of the runnel command. An execution is a state of the model, or a pair of states if
/// two specs are compared.
check::result run_planned(const planned_check& planned, const verifier_options& verifiers,
                          const check::options& options);

/// The checks of a manifest as scenarios of the engine "spin". If it cannot be read: one scenario,
/// which says so when it is run.
std::vector<check::scenario> scenarios_of(const std::filesystem::path& manifest,
                                          const verifier_options& verifiers);

}  // namespace runnel::spec
