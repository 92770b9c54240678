// SPDX-License-Identifier: MIT
#include "litmus/report.hpp"
#include "litmus/forbidden.hpp"
#include "litmus/reader.hpp"
#include "litmus/search.hpp"

#include <gtest/gtest.h>

#include <string>

namespace runnel::litmus_core {
namespace {

program program_of(const std::string& text) {
  const reading r = read(text, "test");
  EXPECT_TRUE(r.program) << text_of(r.error, text, "t");
  return r.program.value_or(program{});
}

program message_passing(const std::string& store, const std::string& load) {
  return program_of(
      "C MP\n{}\nP0 (atomic_int* x, atomic_int* y) {\n"
      "  atomic_store_explicit(x, 1, memory_order_relaxed);\n  atomic_store_explicit(y, 1, " +
      store +
      ");\n}\n"
      "P1 (atomic_int* x, atomic_int* y) {\n  int r0 = atomic_load_explicit(y, " +
      load +
      ");\n"
      "  int r1 = atomic_load_explicit(x, memory_order_relaxed);\n}\nexists (1:r0=1 /\\ 1:r1=0)\n");
}

program store_buffering(const std::string& between) {
  return program_of(
      "C SB\n{}\nP0 (atomic_int* x, atomic_int* y) {\n  *x = 1; " + between +
      " int r0 = atomic_load_explicit(y, memory_order_relaxed);\n}\n"
      "P1 (atomic_int* x, atomic_int* y) {\n  atomic_store_explicit(y, 1, memory_order_relaxed); " +
      between + " int r1 = *x;\n}\nexists (0:r0=0 /\\ 1:r1=0)\n");
}

findings found(const program& p, model_name m = model_name::rc11) {
  return search(p, {.model = m});
}

TEST(LitmusReport, HasTheFormOfHerds) {
  const program p = message_passing("memory_order_release", "memory_order_acquire");
  EXPECT_EQ(
      report_text(p, found(p), 0.074),
      "Test MP Allowed\nStates 3\n1:r0=0; 1:r1=0;\n1:r0=0; 1:r1=1;\n1:r0=1; "
      "1:r1=1;\nNo\nWitnesses\n"
      "Positive: 0 Negative: 3\nCondition exists (1:r0=1 /\\ 1:r1=0)\nObservation MP Never 0 3\n"
      "Time MP 0.07\n\n");
  const program weaker = message_passing("memory_order_relaxed", "memory_order_acquire");
  EXPECT_EQ(report_text(weaker, found(weaker), -1),
            "Test MP Allowed\nStates 4\n1:r0=0; 1:r1=0;\n1:r0=0; 1:r1=1;\n1:r0=1; 1:r1=0;\n1:r0=1; "
            "1:r1=1;\nOk\n"
            "Witnesses\nPositive: 1 Negative: 3\nCondition exists (1:r0=1 /\\ 1:r1=0)\n"
            "Observation MP Sometimes 1 3\n\n");
}

TEST(LitmusReport, CountsWitnessesOfWhatMustNotBe) {
  program p = message_passing("memory_order_relaxed", "memory_order_acquire");
  p.asks = quantifier::exists_not;
  const std::string text = report_text(p, found(p), -1);
  EXPECT_NE(text.find("Test MP Forbidden\n"), std::string::npos);
  EXPECT_NE(text.find("No\nWitnesses\nPositive: 3 Negative: 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Observation MP Sometimes 1 3\n"), std::string::npos);
}

TEST(LitmusReport, SaysThatARaceLeavesTheBehaviourUndefined) {
  const program p = program_of(
      "C race\n{}\nP0 (int* x, atomic_int* y) {\n  *x = 1;\n  atomic_store_explicit(y, 1, "
      "memory_order_relaxed);\n}\n"
      "P1 (int* x, atomic_int* y) {\n  int r0 = atomic_load(y);\n  if (r0) {\n    int r1 = *x;\n  "
      "}\n}\nexists (x=1)\n");
  const findings f = found(p);
  EXPECT_NE(
      report_text(p, f, -1).find("\nUndef\nWitnesses\nPositive: 3 Negative: 0\nFlag *undef*\n"),
      std::string::npos);
  ASSERT_TRUE(f.first_race);
  EXPECT_EQ(event_text(p, f.first_race->in, f.first_race->first), "P0:4 W[plain] x=1");
  EXPECT_EQ(event_text(p, f.first_race->in, f.first_race->second), "P1:10 R[plain] x=1");
  EXPECT_TRUE(has_race(p, f.first_race->in));
}

TEST(LitmusReport, FindsNoRaceWhereARaceWouldBeOrdered) {
  const program p = program_of(
      "C ordered\n{}\nP0 (int* x, atomic_int* y) {\n  *x = 1;\n  atomic_store_explicit(y, 1, "
      "memory_order_release);\n}\n"
      "P1 (int* x, atomic_int* y) {\n  int r0 = atomic_load(y);\n  if (r0) {\n    int r1 = *x;\n  "
      "}\n}\nexists (x=1)\n");
  EXPECT_FALSE(found(p).first_race);
}

TEST(LitmusReport, SaysThatALoopHasComeToItsBound) {
  const program p = program_of(
      "C wait\n{}\nP0 (atomic_int* x) {\n  atomic_store_explicit(x, 1, memory_order_release);\n}\n"
      "P1 (atomic_int* x) {\n  while (atomic_load_explicit(x, memory_order_acquire) == 0) {\n    "
      ";\n  }\n}\n"
      "forall (x=1)\n");
  const findings f = found(p);
  EXPECT_EQ(f.executions(), 3U);
  EXPECT_EQ(f.cut, 1U);
  EXPECT_NE(report_text(p, f, -1).find("\nLoop Ok\n"), std::string::npos);
  EXPECT_EQ(found(p, model_name::sc).executions(), 3U);
  EXPECT_EQ(found(p, model_name::sc).cut, 1U);
}

TEST(LitmusModels, DifferWhereTheyShould) {
  const program relaxed = store_buffering("");
  EXPECT_EQ(found(relaxed).positive, 1U);
  EXPECT_EQ(found(relaxed, model_name::tso).positive, 1U);
  EXPECT_EQ(found(relaxed, model_name::sc).positive, 0U);
  const program fenced = store_buffering("atomic_thread_fence(memory_order_seq_cst);");
  for (const model_name m : {model_name::rc11, model_name::cxx20, model_name::tso})
    EXPECT_EQ(found(fenced, m).positive, 0U) << text_of(m);
  const program passing = message_passing("memory_order_relaxed", "memory_order_relaxed");
  EXPECT_EQ(found(passing).positive, 1U);
  EXPECT_EQ(found(passing, model_name::tso).positive, 0U);
}

TEST(LitmusExplanation, NamesTheAxiomAndTheCycle) {
  const program p = message_passing("memory_order_release", "memory_order_acquire");
  EXPECT_EQ(
      forbidden_text(p, why_forbidden(p, {}, model_name::rc11, 5), model_name::rc11),
      "Why not 1:r0=1 /\\ 1:r1=0: 1 candidate shows it, rc11 allows 0\nForbidden candidate 1 of 1\n"
      "  coherence (irreflexive hb ; eco?) has a cycle:\n"
      "    P0:4 W[relaxed] x=1  --sb->  P0:5 W[release] y=1\n"
      "    P0:5 W[release] y=1  --sw->  P1:8 R[acquire] y=1\n"
      "    P1:8 R[acquire] y=1  --sb->  P1:9 R[relaxed] x=0\n"
      "    P1:9 R[relaxed] x=0  --fr->  P0:4 W[relaxed] x=1\n\n");
}

TEST(LitmusExplanation, FindsEachAxiom) {
  const auto axioms_of = [](const program& p, model_name m) {
    std::string names;
    const forbidden all = why_forbidden(p, {}, m, 100);
    for (const forbidden_execution& x : all.shown) {
      for (const violation& v : x.for_what) names += std::string(v.axiom) + ';';
    }
    return names;
  };
  const program sc = program_of(
      "C SB\n{}\nP0 (atomic_int* x, atomic_int* y) { *x = 1; int r = *y; }\n"
      "P1 (atomic_int* x, atomic_int* y) { *y = 1; int r = *x; }\nexists (0:r=0 /\\ 1:r=0)\n");
  EXPECT_EQ(axioms_of(sc, model_name::rc11), "SC;");
  EXPECT_EQ(axioms_of(sc, model_name::cxx20), "SC;");
  EXPECT_EQ(axioms_of(sc, model_name::sc), "SC;");
  EXPECT_EQ(axioms_of(sc, model_name::tso), "TSO;");
  const program thin_air = program_of(
      "C LB\n{}\nP0 (atomic_int* x, atomic_int* y) { int r = atomic_load_explicit(x, "
      "memory_order_relaxed); "
      "atomic_store_explicit(y, 1, memory_order_relaxed); }\n"
      "P1 (atomic_int* x, atomic_int* y) { int r = atomic_load_explicit(y, memory_order_relaxed); "
      "atomic_store_explicit(x, 1, memory_order_relaxed); }\nexists (0:r=1 /\\ 1:r=1)\n");
  EXPECT_EQ(axioms_of(thin_air, model_name::rc11), "no thin air;");
  const program torn = program_of(
      "C torn\n{}\nP0 (atomic_int* x) { atomic_fetch_add_explicit(x, 1, memory_order_relaxed); }\n"
      "P1 (atomic_int* x) { atomic_fetch_add_explicit(x, 1, memory_order_relaxed); }\nexists "
      "(x=1)\n");
  EXPECT_EQ(axioms_of(torn, model_name::rc11),
            "atomicity;atomicity;coherence;atomicity;coherence;atomicity;");
}

TEST(LitmusSearch, StopsAtALimitAndSaysSo) {
  const program p = message_passing("memory_order_relaxed", "memory_order_relaxed");
  EXPECT_EQ(search(p, {.limit = 2}).incomplete, "the limit of executions is reached");
  EXPECT_EQ(search(p, {.limit = 2}).executions(), 2U);
  EXPECT_EQ(search(p, {.limit = 4}).incomplete, "");
  EXPECT_NE(search(p, {.model = model_name::sc, .limit = 1}).incomplete, "");
}

}  // namespace
}  // namespace runnel::litmus_core
