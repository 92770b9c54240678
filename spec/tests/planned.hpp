// SPDX-License-Identifier: MIT
//
// The checks of the manifest, run as the runnel command runs them.
#pragma once

#include "spec_check.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::spec {

inline std::vector<planned_check> manifest() { return read_manifest(RUNNEL_SPEC_MANIFEST); }

inline planned_check planned(std::string_view verifier) {
  for (const planned_check& p : manifest())
    if (p.verifier == verifier) return p;
  throw std::runtime_error("no such verifier: " + std::string(verifier));
}

inline check::result run(const planned_check& p, const check::options& options = {}) {
  return run_planned(p, {.directory = RUNNEL_VERIFIERS}, options);
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

#define EXPECT_CONTAINS(text, part) EXPECT_TRUE(contains(text, part)) << "in: " << (text)

inline void expect_as_planned(const planned_check& p) {
  const check::result r = run(p);
  EXPECT_EQ(r.verdict, p.verdict == holds ? check::verdict::passed : check::verdict::failed)
      << p.name << ": " << r.message;
  EXPECT_EQ(r.failure, p.verdict == holds ? "" : p.verdict) << p.name << ": " << r.message;
  EXPECT_EQ(r.history.empty(), p.verdict == holds) << p.name;
}

inline void expect_drift(const planned_check& p) {
  const check::result r = run(p);
  EXPECT_EQ(r.verdict, check::verdict::failed);
  EXPECT_EQ(r.failure, failure::drift);
  EXPECT_CONTAINS(r.message, "expected " + text(p.numbers) + ", found ");
}

}  // namespace runnel::spec
