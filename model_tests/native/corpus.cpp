// SPDX-License-Identifier: MIT
#include "corpus.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

namespace corpus {

namespace {

using runnel::model::end_of_search;
using runnel::model::explore_native;
using runnel::model::explore_result;

#ifdef __clang__
constexpr const char* compiler = "Clang " __clang_version__;
constexpr bool is_known_compiler = __clang_major__ == 19;
#else
constexpr const char* compiler = "GCC " __VERSION__;
constexpr bool is_known_compiler = __GNUC__ == 12;
#endif

/// What came out, printed when all tests are over.
class table : public testing::Environment {
 public:
  void add(const check& c, const explore_result& r) {
    rows_ << "| " << c.library << " | " << c.what << " | " << compiler << " | " << r.complete
          << " | " << (r.end == end_of_search::failed ? r.failure : passed_or_not(r))
          << (c.cuts_polls ? ", polls cut" : "") << " |\n";
  }
  void TearDown() override { std::cout << rows_.str(); }

 private:
  static std::string passed_or_not(const explore_result& r) {
    return r.end == end_of_search::exhausted ? "passed" : "not all visited";
  }
  std::ostringstream rows_;
};
table* const results =
    static_cast<table*>(testing::AddGlobalTestEnvironment(new table));  // NOLINT: it is owned there

explore_result explored(const check& c) {
  const explore_result r =
      explore_native(c.body, {.seconds = 60},
                     {.cuts_polls = c.cuts_polls, .allowed_functions = c.allowed_functions});
  results->add(c, r);
  return r;
}

/// The page has what the source has.
void expect_in_page(const check& c, const std::string& with_gcc, const std::string& with_clang,
                    const std::string& verdict) {
  static const std::string page = [] {
    std::ostringstream text;
    text << std::ifstream(RUNNEL_CORPUS_PAGE).rdbuf();
    return text.str();
  }();
  const std::string row = std::string("| ") + c.what + " | " + with_gcc + " | " + with_clang +
                          " | " + verdict + (c.cuts_polls ? ", polls cut" : "") + " |\n";
  EXPECT_NE(page.find(row), std::string::npos) << "docs/corpus.md has no row\n" << row;
}

}  // namespace

void passes(const check& c, executions expected) {
  const explore_result r = explored(c);
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.failure << ": " << r.message << '\n' << r.history;
#ifdef __clang__
  const std::uint64_t known = expected.clang;
#else
  const std::uint64_t known = expected.gcc;
#endif
  if (is_known_compiler) {
    EXPECT_EQ(r.complete, known);
  }
  expect_in_page(c, std::to_string(expected.gcc), std::to_string(expected.clang), "passed");
}

void fails(const check& c, const std::string& kind, const std::string& words) {
  const explore_result r = explored(c);
  ASSERT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, kind) << r.message << '\n' << r.history;
  EXPECT_NE(r.message.find(words), std::string::npos) << r.message << '\n' << r.history;
  expect_in_page(c, "", "", "**" + kind + "**");
}

}  // namespace corpus
