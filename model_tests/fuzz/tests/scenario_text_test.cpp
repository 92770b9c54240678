// SPDX-License-Identifier: MIT
#include "fuzz/scenario_text.hpp"

#include "support/check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace runnel::check::fuzz {
namespace {

std::string body(const generated& g, const std::string& variant = "seed 1, program 2") {
  const std::string file = scenario_text(g, {variant, {}});
  const std::string begin = "void fill(scenario_file& file) {\n";
  const std::size_t from = file.find(begin) + begin.size();
  return file.substr(from, file.find("}\n\n", from) - from);
}

/// The file that `runnel fuzz` wrote for a broken channel is compiled into this test.
TEST(ScenarioText, IsAScenarioFile) {
  const std::string path = RUNNEL_FUZZ_TESTS "/two_messages_are_swapped.cpp";
  std::ifstream in(path);
  std::ostringstream written;
  written << in.rdbuf();
  const origin from{
      "seed 1, program 0",
      {"Found, and shrunk, by",
       "  runnel fuzz --seed 1 --first 0 --programs 1 --broken 'two messages of a sender are "
       "swapped'",
       "Failed with: no order explains the results."}};
  const generated g{{unbounded, {sender({send(1), send(2)}), receiver({recv()})}, 1}};
  EXPECT_EQ(scenario_text(g, from), written.str());
  const std::string name = scenario_name(path, from);
  EXPECT_EQ(name, "two messages are swapped (seed 1, program 0)");
  EXPECT_NE(std::ranges::find(registry(), name, &scenario::name), registry().end());
}

TEST(ScenarioText, SaysWhichChannelItIs) {
  const std::vector<thread_program> threads{sender({}), receiver({})};
  const std::string two =
      "  const thread_program first = sender({});\n"
      "  const thread_program second = receiver({});\n";
  EXPECT_EQ(body({{2, threads}}),
            two + "  file.explored(\"seed 1, program 2\", {2, {first, second}});\n");
  EXPECT_EQ(body({{rendezvous, threads}, true}),
            two + "  file.explored(\"seed 1, program 2\", {rendezvous, {first, second}}, true);\n");
  EXPECT_EQ(
      body({{unbounded, threads, 2}, false, 1}),
      two + "  file.without_memory(\"seed 1, program 2\", {unbounded, {first, second}, 2});\n");
}

TEST(ScenarioText, WritesSelects) {
  generated g;
  g.selects = {{unbounded, 1, rendezvous},
               {{fair_select({{0, recv()}, {1, send(1)}}), plain(2, try_recv())}, {}}};
  EXPECT_EQ(body(g),
            "  const std::vector<select_step> first = {\n"
            "      fair_select({{0, recv()}, {1, send(1)}}),\n"
            "      plain(2, try_recv())};\n"
            "  const std::vector<select_step> second = {};\n"
            "  const select_program program = {{unbounded, 1, rendezvous}, {first, second}};\n"
            "  add_selects(file, \"seed 1, program 2\", search::random(repetitions),\n"
            "              program);\n");
  g.mpmc = true;
  EXPECT_NE(body(g).find("program, true);\n"), std::string::npos);
  EXPECT_NE(scenario_text(g, {"", {}}).find("#include \"support/select_scenarios.hpp\""),
            std::string::npos);
}

TEST(ScenarioText, BreaksLongLines) {
  const std::vector<step> steps{clone_receiver(), look_from_receiver(), drop_receiver()};
  const std::string variant = "seed 18446744073709551615, program 18446744073709551615";
  const generated g{
      {unbounded, {sender({}), draining_receiver(steps), draining_receiver(steps)}, 1}, true, 1};
  EXPECT_EQ(body(g, variant),
            "  const thread_program first = sender({});\n"
            "  const thread_program second =\n"
            "      draining_receiver({clone_receiver(), look_from_receiver(), drop_receiver()});\n"
            "  const thread_program third =\n"
            "      draining_receiver({clone_receiver(), look_from_receiver(), drop_receiver()});\n"
            "  file.without_memory(\"" +
                variant +
                "\",\n"
                "                      {unbounded, {first, second, third}, 1}, true);\n");
}

}  // namespace
}  // namespace runnel::check::fuzz
