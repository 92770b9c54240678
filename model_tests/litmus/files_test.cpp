// SPDX-License-Identifier: MIT
//
// The programs written as files in herd's language: the same executions, and the same outcomes.
#include "litmus/reader.hpp"
#include "litmus/search.hpp"
#include "program.hpp"
#include "test_name.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>

namespace runnel::litmus {
namespace {

std::string file_of(const program& p) {
  std::string name = p.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("+-.").find(c) == std::string_view::npos)
      c = '_';
  }
  return std::string(RUNNEL_LITMUS_FILES) + '/' + name + ".litmus";
}

std::optional<litmus_core::program> read_file(const std::string& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  litmus_core::reading r = litmus_core::read(text, path);
  EXPECT_TRUE(r.program) << text_of(r.error, text, path);
  return r.program;
}

/// "a=0 x=1", in which what is 0 is not said: a register that is not noted is 0 in a file.
using outcome = std::map<std::string, std::string>;

std::set<outcome> outcomes_of(const program& p) {
  std::set<outcome> all;
  for (const std::string& text : p.allowed.texts()) {
    outcome one;
    std::istringstream parts(text);
    for (std::string part; parts >> part;) {
      if (part.substr(2) != "0") one[part.substr(0, 1)] = part.substr(2);
    }
    all.insert(one);
  }
  return all;
}

std::set<outcome> outcomes_of(const litmus_core::program& p, const litmus_core::findings& f) {
  const std::vector<litmus_core::observed> shown = observed_by(p);
  std::set<outcome> all;
  for (const auto& [values, executions] : f.outcomes) {
    outcome one;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string name = name_of(p, shown[i]);
      const std::string key = name.substr(shown[i].thread < 0 ? 1 : name.find(':') + 1, 1);
      if (values[i] != 0) one[key] = std::to_string(values[i]);
    }
    all.insert(one);
  }
  return all;
}

class LitmusFile : public testing::TestWithParam<program> {};

TEST_P(LitmusFile, HasTheExecutionsAndTheOutcomesOfTheProgram) {
  const program& p = GetParam();
  const auto read = read_file(file_of(p));
  ASSERT_TRUE(read);
  const litmus_core::findings rc11 = search(*read, {});
  EXPECT_EQ(rc11.executions(), p.executions) << p.name;
  EXPECT_EQ(outcomes_of(*read, rc11), outcomes_of(p)) << p.name;
  EXPECT_FALSE(rc11.first_race);
  EXPECT_EQ(rc11.incomplete, "");
  const litmus_core::findings cxx20 = search(*read, {.model = litmus_core::model_name::cxx20});
  EXPECT_EQ(cxx20.executions(), p.executions_cxx20.value_or(p.executions)) << p.name;
}

/// What herd's language has not: choices; places of an array, which these need; and what would take thousands of lines
/// without those.
const std::set<std::string> not_expressible{
    "a choice of a value",
    "a choice to give up",
    "a choice after a read that may see more",
    "choices of two threads",
    "a choice that depends on what is read",
    "ms-queue",
    "buf_ring",
    "lastzero 10",
    "lastzero 15",
};

std::vector<program> programs_in_files() {
  std::vector<program> all = all_programs();
  std::erase_if(all, [](const program& p) { return not_expressible.contains(p.name); });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Programs, LitmusFile, testing::ValuesIn(programs_in_files()), test_name);

TEST(LitmusFiles, AreAllOfPrograms) {
  std::set<std::string> known;
  for (const program& p : programs_in_files()) known.insert(file_of(p));
  for (const auto& e : std::filesystem::directory_iterator(RUNNEL_LITMUS_FILES))
    EXPECT_TRUE(known.contains(e.path().string())) << e.path();
}

}  // namespace
}  // namespace runnel::litmus
