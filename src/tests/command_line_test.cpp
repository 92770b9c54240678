// SPDX-License-Identifier: MIT
//
// What all commands have in common: their help, the meaning of their options, what shells complete.
#include "command.hpp"
#include "terminal/text_output.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace runnel::cli::testing {
namespace {

const arguments commands = {"check", "explain", "fuzz", "orders", "book", "stress", "litmus"};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (const std::string& line : lines(text))
    if (!line.starts_with("  runnel ")) longest = std::max(longest, line.size());
  return longest;
}

TEST(Help, IsWrappedToTheTerminal) {
  for (const std::string& name : commands) {
    EXPECT_LE(longest_line(command({name, "--help"}).out), 80U) << name;
    const std::size_t on_wide = longest_line(on_terminal({name, "--help"}, {}).out);
    EXPECT_GT(on_wide, 80U) << name;
    EXPECT_LE(on_wide, 101U) << name << ", with the carriage return";
  }
  setenv("COLUMNS", "50", 1);
  const std::string narrow = command({"check", "--help"}).out;
  setenv("COLUMNS", "1000", 1);
  const std::string wide = command({"check", "--help"}).out;
  setenv("COLUMNS", "5x", 1);
  const std::string unknown = command({"check", "--help"}).out;
  unsetenv("COLUMNS");
  EXPECT_LE(longest_line(narrow), 50U);
  EXPECT_LE(longest_line(wide), 100U) << "longer lines are hard to read";
  EXPECT_GT(longest_line(wide), 90U);
  EXPECT_EQ(unknown, command({"check", "--help"}).out);
}

TEST(Help, IsAWordToo) {
  EXPECT_EQ(command({"help"}).out, command({"--help"}).out);
  EXPECT_EQ(command({"help", "check"}).out, command({"check", "--help"}).out);
  EXPECT_EQ(command({"help", "chek"}).status, 2);
}

/// The words of a line for a shell that quotes with ' alone.
arguments words_of(const std::string& line) {
  arguments words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

/// All but an option that there is not is right in them, and nothing runs.
TEST(Help, HasExamplesThatAreRight) {
  const scratch files;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(files / "");
  std::ofstream("checks.json") << "{}";
  for (const std::string& name : commands) {
    int examples = 0;
    for (const std::string& line : lines(command({name, "--help"}).out)) {
      if (!line.starts_with("  runnel " + name)) continue;
      arguments args = words_of(line.substr(9));
      args.emplace_back("--wrong");
      const outcome o = command(args);
      EXPECT_EQ(o.status, 2) << line;
      EXPECT_CONTAINS(o.err, "The following argument was not expected: --wrong\n");
      ++examples;
    }
    EXPECT_GT(examples, 0) << name;
  }
  std::filesystem::current_path(before);
}

TEST(Help, DoesNotShowOldSpellings) {
  std::string all;
  for (const std::string& name : commands) all += command({name, "--help"}).out;
  for (const char* const old : {"--only", "--site", "--write-record", "--executions"})
    EXPECT_LACKS(all, old);
  EXPECT_CONTAINS(all, "-o, --output FILE");
  EXPECT_CONTAINS(all, "-o, --output DIR");
}

/// As scripts of earlier versions have them. Those of `runnel orders --verify` have their tests.
TEST(OldSpellings, MeanTheSame) {
  const scenarios all = {good("one"), good("two")};
  EXPECT_CONTAINS(command({"check", "--only", "one"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_EQ(command({"stress", "--only", "mpmc 2 p*", "--list"}).out,
            command({"stress", "mpmc 2 p*", "--list"}).out);
  EXPECT_EQ(command({"orders", "--site", "ring.publish"}).out,
            command({"orders", "ring.publish"}).out);
  const outcome book = command({"book", "/dev/null/book", "--executions", "x"});
  EXPECT_CONTAINS(book.err, "--limit: 'x' is not a whole number");
  EXPECT_CONTAINS(command({"explain", "x", "--limit", "0"}).err, "--limit: must be at least 1");
  EXPECT_CONTAINS(command({"check", "--timeout", "soon"}).err, "'soon' is not a number of seconds");
  EXPECT_CONTAINS(command({"explain", "ring.publsh"}).err, "; did you mean 'ring.publish'?");
  EXPECT_CONTAINS(command({"check", "--limit", "1e3"}).err, "'1e3' is not a whole number");
  EXPECT_CONTAINS(command({"book"}).err, "is required");
  EXPECT_LACKS(command({"book", "--output", "/dev/null"}).err, "is required");
}

TEST(Pattern, SelectsWhereverItStands) {
  EXPECT_EQ(command({"stress", "--list"}).out.find("mpsc 0 oversubscribed\n"), 0U);
  EXPECT_EQ(command({"stress", "--list", "mpmc 2 pauses"}).out, "mpmc 2 pauses\n");
  EXPECT_EQ(command({"stress", "--list", "mpcm"}).status, 2);
  const std::string sites = command({"orders", "ring.*_tail"}).out;
  EXPECT_CONTAINS(sites, "ring.send_tail");
  EXPECT_LACKS(sites, "ring.send_head");
  const outcome none = command({"orders", "rnig.publish"});
  EXPECT_EQ(none.status, 2);
  EXPECT_CONTAINS(none.err, "no order site matches 'rnig.publish'; did you mean 'ring.publish'?");
}

TEST(Text, IsWrappedAtSpaces) {
  EXPECT_EQ(wrap("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(wrap("one two", 8, 2), "one\n  two");
  EXPECT_EQ(wrap("one two three", 8, 2, 0), "one two\n  three");
  EXPECT_EQ(wrap("incomprehensible words", 8, 2), "incomprehensible\n  words");
  EXPECT_EQ(wrap("", 8, 2), "");
}

TEST(Rows, AreAsLongAsTheyAreInAFile) {
  EXPECT_GT(longest_line(command({"orders"}).out), 110U);
  EXPECT_LE(longest_line(on_terminal({"orders"}, {}).out), 101U);
}

TEST(OrdersJson, IsWrittenToAFile) {
  const scratch files;
  const outcome o = command({"orders", "ring.publish", "--json", files / "orders.json"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_CONTAINS(o.out, "\n  reason      ");
  const auto json = nlohmann::json::parse(read_file(files / "orders.json"));
  ASSERT_EQ(json["sites"].size(), 1U);
  EXPECT_EQ(json["sites"][0]["site"], "ring.publish");
  EXPECT_EQ(command({"orders", "--json", files / "missing/orders.json"}).status, 2);
}

TEST(Completion, OfCommandsAndOptions) {
  EXPECT_EQ(command({"complete", ""}).out, "check\nexplain\nfuzz\norders\nbook\nstress\nlitmus\n");
  EXPECT_EQ(command({"complete", "--v"}).out, "--version\n");
  EXPECT_EQ(command({"complete", "check", "--l"}).out, "--limit\n--long\n--list\n");
  EXPECT_EQ(command({"complete", "no-command", ""}).out, "");
  EXPECT_EQ(command({"complete"}).status, 0);
}

TEST(Completion, OfValues) {
  scenarios all = {good("the mutex excludes"), good("the rest"), good("a long one")};
  all[1].engine = "relacy";
  all[2].is_long = true;
  EXPECT_EQ(command({"complete", "check", "the "}, all).out, "the mutex excludes\nthe rest\n");
  EXPECT_EQ(command({"complete", "check", "--long", "the m"}, all).out, "the mutex excludes\n");
  EXPECT_EQ(command({"complete", "check", "--engine", ""}, all).out, "all\nexplorer\nrelacy\n");
  EXPECT_EQ(command({"complete", "explain", "--in", "mps"}, all).out, "mpsc\n");
  EXPECT_EQ(command({"complete", "explain", "ring.pub"}, all).out, "ring.publish\n");
  EXPECT_EQ(command({"complete", "explain", "a l"}, all).out, "a long one\n");
  EXPECT_EQ(command({"complete", "stress", "mpmc 2 p"}).out, "mpmc 2 pauses\n");
  EXPECT_EQ(command({"complete", "check", "--json", "the"}, all).out, "") << "a file";
}

}  // namespace
}  // namespace runnel::cli::testing
