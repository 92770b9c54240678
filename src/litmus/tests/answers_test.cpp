// SPDX-License-Identifier: MIT
//
// What the page is told.
#include "litmus/answers.hpp"

#include "litmus/json_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace runnel::litmus_core {
namespace {

using nlohmann::json;

const char* const message_passing =
    "C MP\n{}\nP0 (atomic_int* x, atomic_int* y) {\n"
    "  atomic_store_explicit(x, 1, memory_order_relaxed);\n"
    "  atomic_store_explicit(y, 1, memory_order_release);\n}\n"
    "P1 (atomic_int* x, atomic_int* y) {\n"
    "  int a = atomic_load_explicit(y, memory_order_acquire);\n"
    "  int b = atomic_load_explicit(x, memory_order_relaxed);\n}\n";

bool never(double) { return false; }

TEST(JsonText, IsJson) {
  const std::string text = json_object()
                               .text("a \"\\\n\x01\xc3\xa9", "b")
                               .number("n", -3)
                               .truth("t", true)
                               .written("l", json_list().number(1).text("2"))
                               .written("e", json_list())
                               .end();
  EXPECT_EQ(json::parse(text), json({{"a \"\\\n\x01\xc3\xa9", "b"},
                                     {"n", -3},
                                     {"t", true},
                                     {"l", {1, "2"}},
                                     {"e", json::array()}}));
}

TEST(Answers, TellWhatWasFound) {
  answers a;
  const json found = json::parse(a.search(std::string(message_passing) + "exists (1:a=1 /\\ 1:b=0)",
                                          model_name::rc11, 2, never));
  EXPECT_EQ(found.at("verdict"), "No");
  EXPECT_EQ(found.at("shown"), json({"1:a", "1:b"}));
  const auto kept = found.at("kept").get<std::vector<int>>();
  ASSERT_EQ(kept.size(), 3U);
  const auto last = static_cast<std::size_t>(std::ranges::find(kept, 2) - kept.begin());
  EXPECT_EQ(found.at("states").at(2),
            json({{"values", {"1", "1"}}, {"executions", 1}, {"witness", false}}));
  const json both = json::parse(a.execution_at(last));
  EXPECT_EQ(both.at("edges"), json({{1, 2, "rf"}, {0, 3, "rf"}, {1, 2, "sw"}}));
  EXPECT_EQ(both.at("events").at(2), json({{"kind", "read"},
                                           {"thread", 1},
                                           {"line", 8},
                                           {"order", "acquire"},
                                           {"location", "y"},
                                           {"read", "1"}}));
  EXPECT_EQ(a.execution_at(3), "null");
}

TEST(Answers, TellWhyNot) {
  answers a;
  a.search(std::string(message_passing) + "exists (1:a=1 /\\ 1:b=0)", model_name::rc11, 2, never);
  EXPECT_EQ(json::parse(a.explain(never)), json({{"asked", "1:a=1 /\\ 1:b=0"},
                                                 {"candidates", 1},
                                                 {"allowed", 0},
                                                 {"shown", 1},
                                                 {"incomplete", ""}}));
  const json axiom = json::parse(a.forbidden_at(0)).at("axioms").at(0);
  EXPECT_EQ(axiom.at("axiom"), "coherence");
  EXPECT_EQ(axiom.at("cycle"), json({{0, 1, "sb"}, {1, 2, "sw"}, {2, 3, "sb"}, {3, 0, "fr"}}));
  EXPECT_EQ(a.forbidden_at(1), "null");
  // Who asks nothing is told of the outcomes that are not there.
  a.search(std::string(message_passing) + "locations [1:a; 1:b]", model_name::rc11, 2, never);
  EXPECT_EQ(json::parse(a.explain(never)).at("asked"), "another outcome");
  EXPECT_EQ(json::parse(a.forbidden_at(0)).at("axioms").at(0), axiom);
}

TEST(Answers, TellOfInitialValuesAndUpdates) {
  answers a;
  a.search("C t\n{ x = 5; }\nP0 (atomic_int* x) { int r = atomic_fetch_add(x, 1); }\nexists (x=5)",
           model_name::rc11, 2, never);
  const json update = json::parse(a.execution_at(0)).at("events").at(0);
  EXPECT_EQ(update.at("kind"), "update");
  EXPECT_EQ(update.at("read"), "5");
  EXPECT_EQ(update.at("written"), "6");
  a.search("C t\n{ x = 5; }\nP0 (atomic_int* x) { *x = 1; int r = *x; }\nexists (0:r=5)",
           model_name::rc11, 2, never);
  a.explain(never);
  const json forbidden = json::parse(a.forbidden_at(0));
  const json initial({{"kind", "initial"}, {"location", "x"}, {"written", "5"}});
  const json& events = forbidden.at("events");
  EXPECT_TRUE(events.size() == 2 || events.at(2) == initial);
}

TEST(Answers, TellOfRacesAndMistakes) {
  answers a;
  const json raced = json::parse(
      a.search("C t\n{}\nP0 (int* d) {\n  *d = 1;\n}\nP1 (int* d) {\n  *d = 2;\n}\nexists (d=1)",
               model_name::rc11, 2, never));
  EXPECT_EQ(raced.at("verdict"), "Undef");
  EXPECT_EQ(raced.at("race").at("racing"), json({0, 1}));
  const json mistaken = json::parse(a.search("C t\n{}\nP0 () {\n", model_name::rc11, 2, never));
  EXPECT_EQ(mistaken.at("error").at("line"), 4);
  EXPECT_EQ(a.execution_at(0), "null") << "of the program before";
  EXPECT_EQ(a.explain(never), "null");
}

TEST(Answers, TellHowMuchIsDone) {
  std::string many = "C t\n{}\n";
  for (int t = 0; t < 8; ++t)
    many += "P" + std::to_string(t) + " (atomic_int* x) { *x = 1; int r = *x; }\n";
  for (const model_name m : {model_name::rc11, model_name::sc}) {
    int asked = 0;
    double last = 0;
    answers a;
    const json found = json::parse(a.search(many + "exists (x=1)", m, 2, [&](double done) {
      EXPECT_GE(done, last);
      last = done;
      return ++asked > 20;
    }));
    EXPECT_EQ(found.at("incomplete"), "the time is over");
    EXPECT_LT(found.at("millionths"), 1'000'000);
  }
}

}  // namespace
}  // namespace runnel::litmus_core
