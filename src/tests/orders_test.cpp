// SPDX-License-Identifier: MIT
//
// `runnel orders`: what it reads from a source, and each mistake that it has to find.
#include "orders/orders.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

namespace runnel::cli::testing {
namespace {

/// A pair of sites that belong together.
const std::string sound = R"(
void f() {
  // cell.publish: needs cell.see
  // Release: the value is complete.
  ready_.store(1, at<"cell.publish">(release));
}
void g() {
  // cell.see: needs cell.publish
  // Acquire: as cell.publish.
  if (ready_.load(at<"cell.see">(acquire)) == 1) use();
}
)";

order_table read(const std::string& text) { return read_orders({{"runnel/x.hpp", text}}); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// All errors of a text, each with its line, one below the other.
std::string errors_of(const std::string& text) {
  std::string all;
  for (const source_error& e : read(text).errors)
    all += std::to_string(e.line) + ": " + e.message + "\n";
  return all;
}

/// The errors after a change of the sound text.
std::string errors_with(const std::string& from, const std::string& to) {
  return errors_of(replaced(sound, from, to));
}

TEST(Orders, ReadsASoundSource) {
  const order_table table = read(sound);
  EXPECT_EQ(errors_of(sound), "");
  ASSERT_EQ(table.sites.size(), 2U);
  const order_site& s = table.sites[0];
  EXPECT_EQ(s.name, "cell.publish");
  EXPECT_EQ(s.file, "runnel/x.hpp");
  EXPECT_EQ(s.line, 5U);
  EXPECT_EQ(s.operation, "store");
  EXPECT_EQ(s.orders, arguments{"release"});
  EXPECT_EQ(s.needs, arguments{"cell.see"});
  EXPECT_EQ(s.reason, "Release: the value is complete.");
}

TEST(Orders, ReadsCallsOverSeveralLinesAndListsThatGoOn) {
  const order_table table = read(R"(
  // a.swap: needs a.swap, a.await; also a.third;
  //   handshake a.swap,
  //   a.third
  // One reason,
  // in two lines.
  while (!x_.compare_exchange_weak(e, f(1, {2}),
                                   core::at<"a.swap">(std::memory_order::seq_cst,
                                                      std::memory_order_relaxed))) {
  }
  // a.await, a.third: needs a.swap
  // Shared reason.
  P::await(x_, [](int v) { return v == g(1); },
           at<"a.await">(acquire));
  P::fence(at<"a.third">(seq_cst));
)");
  ASSERT_EQ(table.sites.size(), 3U);
  const order_site& swap = table.sites[0];
  EXPECT_EQ(swap.operation, "compare_exchange_weak");
  EXPECT_EQ(swap.orders, (arguments{"seq_cst", "relaxed"}));
  EXPECT_EQ(swap.needs, (arguments{"a.swap", "a.await"}));
  EXPECT_EQ(swap.also, arguments{"a.third"});
  EXPECT_EQ(swap.handshake, (arguments{"a.swap", "a.third"}));
  EXPECT_EQ(swap.reason, "One reason, in two lines.");
  EXPECT_EQ(table.sites[1].operation, "await");
  EXPECT_EQ(table.sites[2].operation, "fence");
  EXPECT_EQ(table.sites[2].reason, "Shared reason.");
}

TEST(Orders, DoesNotTakeCommentsAndStringsForCode) {
  EXPECT_EQ(errors_of(R"cpp(
              //     tail_.load(at<"doc.example">(relaxed));
              /* tail_.load(at<"old.code">(relaxed)); */
              /// waiting.hpp: a documentation comment.
              // Prose: with a colon.
              const char* text = "// not.a_comment: needs nothing";
              const char* raw = R"(
// not.a_comment: needs nothing
)";
              char quote = '"';
              int million = 1'000'000;  // "
              template <class T>
              auto cat = concat<"not.a_site">(relaxed);
            )cpp"),
            "");
}

TEST(Orders, TakesNoSeparatorOfDigitsForAQuote) {
  EXPECT_EQ(errors_of(R"(
  // a.one: needs nothing
  // A guess.
  f(1'000, x_.load(at<"a.one">(relaxed)));
)"),
            "");
}

TEST(Orders, ASiteNeedsAComment) {
  EXPECT_EQ(errors_with("// cell.see: needs cell.publish\n", "// Prose.\n"),
            "5: cell.publish: needs is one-sided: cell.see does not name it in turn\n"
            "10: the site cell.see has no comment directly above it\n");
  EXPECT_EQ(errors_of(R"(
  // a.one: needs nothing
  // A guess.
  f(x_.load(at<"a.one">(relaxed)), x_.load(at<"a.two">(relaxed)));
)"),
            "4: the site a.two has no comment directly above it\n");
}

TEST(Orders, ACommentNeedsItsSiteDirectlyBelow) {
  EXPECT_EQ(errors_with("at<\"cell.see\">(acquire)", "acquire"),
            "5: cell.publish: needs names cell.see, and there is no such site\n"
            "8: there is no site cell.see below this comment\n");
  for (const char* const between : {"  int unrelated = 0;\n", "  {\n", "  // More.\n\n", "\n;"})
    EXPECT_CONTAINS(errors_with("  if (ready_", std::string(between) + "  if (ready_"),
                    "8: the comment on cell.see is not directly above its operation\n");
}

TEST(Orders, ASiteStandsInOnePlace) {
  EXPECT_EQ(errors_of(sound + R"(
  // cell.see: needs cell.publish
  // Acquire.
  ready_.load(at<"cell.see">(acquire));
)"),
            "13: cell.see has a second comment\n"
            "15: cell.see: the same site is in runnel/x.hpp:10\n");
  const order_table two_files = read_orders({{"a.hpp", sound}, {"b.hpp", sound}});
  ASSERT_EQ(two_files.errors.size(), 2U);
  EXPECT_EQ(two_files.errors[0].file, "b.hpp");
  EXPECT_EQ(two_files.errors[0].message, "cell.publish: the same site is in a.hpp:5");
}

TEST(Orders, APartnerExistsInEachRelation) {
  for (const char* const relation : {"needs", "also", "handshake"})
    EXPECT_CONTAINS(errors_with("needs cell.publish", std::string(relation) + " cell.nowhere"),
                    std::string("10: cell.see: ") + relation +
                        " names cell.nowhere, and there is no such site\n");
}

TEST(Orders, EachRelationIsSymmetric) {
  EXPECT_EQ(errors_with("needs cell.publish", "needs nothing"),
            "5: cell.publish: needs is one-sided: cell.see does not name it in turn\n");
  EXPECT_EQ(errors_with("needs cell.publish", "also cell.publish"),
            "5: cell.publish: needs is one-sided: cell.see does not name it in turn\n"
            "10: cell.see: also is one-sided: cell.publish does not name it in turn\n");
  std::string handshake = replaced(sound, "(release)", "(seq_cst)");
  handshake = replaced(handshake, "(acquire)", "(seq_cst)");
  EXPECT_EQ(errors_of(replaced(handshake, "needs cell.see", "needs cell.see; handshake cell.see")),
            "5: cell.publish: handshake is one-sided: cell.see does not name it in turn\n");
}

TEST(Orders, APartnerIsNeededOrAccidental) {
  EXPECT_CONTAINS(errors_with("needs cell.see", "needs cell.see; also cell.see"),
                  "5: cell.publish: cell.see is both under needs and under also\n");
}

TEST(Orders, EverySiteHasAReason) {
  EXPECT_EQ(errors_with("  // Acquire: as cell.publish.\n", ""), "8: cell.see gives no reason\n");
  EXPECT_EQ(errors_with("// Acquire: as cell.publish.", "//"), "8: cell.see gives no reason\n");
}

TEST(Orders, OneSideReleasesAndTheOtherAcquires) {
  const std::string cannot = "but the two can never synchronize";
  EXPECT_CONTAINS(errors_with("(release)", "(acquire)"), cannot);
  EXPECT_CONTAINS(errors_with("(acquire)", "(release)"), cannot);
  EXPECT_CONTAINS(errors_with("ready_.store(1, ", "ready_.load("), cannot);
  EXPECT_CONTAINS(errors_with("ready_.load(", "ready_.store(1, "), cannot);
  EXPECT_CONTAINS(errors_with("ready_.store(1, ", "P::await(ready_, "), cannot);
  EXPECT_EQ(errors_with("(release)", "(seq_cst)"), "");
  EXPECT_EQ(errors_with("(acquire)", "(seq_cst)"), "");
  EXPECT_EQ(errors_with("ready_.store(1, ", "ready_.exchange(1, "), "");
  EXPECT_EQ(errors_of(replaced(replaced(sound, "ready_.load(", "x.compare_exchange_strong(e, 1, "),
                               "(acquire)", "(relaxed, acquire)")),
            "");
}

TEST(Orders, WhatHappensToSynchronizeCanDoSo) {
  const std::string also = replaced(replaced(sound, "needs cell.see", "also cell.see"),
                                    "needs cell.pub", "also cell.pub");
  EXPECT_EQ(errors_of(also), "");
  EXPECT_CONTAINS(errors_of(replaced(also, "(acquire)", "(relaxed)")),
                  "10: cell.see: also names cell.publish, but the two can never synchronize");
}

TEST(Orders, ARelaxedSiteNeedsNothing) {
  EXPECT_CONTAINS(errors_with("(acquire)", "(relaxed)"),
                  "10: cell.see: it orders nothing, being a relaxed operation, but has needs\n");
}

TEST(Orders, AHandshakeIsInTheTotalOrder) {
  const std::string text = replaced(replaced(sound, "needs cell.see", "handshake cell.see"),
                                    "needs cell.publish", "handshake cell.publish");
  EXPECT_EQ(errors_of(text),
            "5: cell.publish: handshake with cell.see, which is not seq_cst\n"
            "10: cell.see: handshake with cell.publish, which is not seq_cst\n");
  EXPECT_EQ(errors_of(replaced(text, "(release)", "(seq_cst)")),
            "5: cell.publish: handshake with cell.see, which is not seq_cst\n");
  EXPECT_EQ(errors_of(replaced(replaced(text, "(release)", "(seq_cst)"), "(acquire)", "(seq_cst)")),
            "");
}

TEST(Orders, TheGrammarIsChecked) {
  EXPECT_CONTAINS(errors_with("needs cell.publish", "wants cell.publish"),
                  "8: cell.see: expected 'needs', 'also' or 'handshake', not 'wants cell.publish'");
  EXPECT_CONTAINS(errors_with("needs cell.publish", "needs"), "'' is not the name of a site");
  EXPECT_CONTAINS(errors_with("needs cell.publish", ""), "expected 'needs'");
  EXPECT_CONTAINS(errors_with("needs cell.publish", "needs cell.publish."),
                  "'cell.publish.' is not the name of a site");
  EXPECT_CONTAINS(errors_with("needs cell.publish", "needs cell.publish, cell.publish"),
                  "'needs' lists cell.publish twice");
  EXPECT_CONTAINS(errors_with("needs cell.publish", "needs cell.publish; needs cell.publish"),
                  "'needs' stands twice");
}

TEST(Orders, TheOperationAndItsOrderAreKnown) {
  EXPECT_CONTAINS(errors_with("(acquire)", "(consume)"), "'consume' is not a memory order");
  EXPECT_CONTAINS(errors_with("ready_.load(", "helper("),
                  "it is not the argument of an atomic operation, but of 'helper'");
}

// The command.

TEST(OrdersCommand, TheLibraryIsSound) {
  const outcome o = command({"orders"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_CONTAINS(o.out, "runnel/core/ring.hpp:");
  EXPECT_CONTAINS(o.out, " order sites, 0 errors\n");
}

TEST(OrdersCommand, PrintsTheTableAndTheErrors) {
  const scratch files;
  std::filesystem::create_directory(files / "runnel");
  std::ofstream(files / "runnel/x.hpp") << sound;
  const outcome good = command({"orders", "--include", files / ""});
  EXPECT_EQ(good.status, 0);
  EXPECT_CONTAINS(good.out,
                  "cell.publish  runnel/x.hpp:5   store                    release\n"
                  "  needs       cell.see\n"
                  "  reason      Release: the value is complete.\n");
  EXPECT_EQ(command({"orders", "-q", "--include", files / ""}).out, "2 order sites, 0 errors\n");
  std::ofstream(files / "runnel/x.hpp") << replaced(sound, "(acquire)", "(relaxed)");
  const outcome bad = command({"orders", "--include", files / ""});
  EXPECT_EQ(bad.status, 1);
  EXPECT_CONTAINS(bad.err, "runnel/x.hpp:10: error: cell.see: it orders nothing");
  const outcome json = command({"orders", "--json", "--include", files / ""});
  EXPECT_EQ(json.status, 1);
  const auto table = nlohmann::json::parse(json.out);
  EXPECT_EQ(table["schema"], 1);
  EXPECT_EQ(table["sites"][0]["needs"], nlohmann::json::parse(R"(["cell.see"])"));
  EXPECT_EQ(table["errors"][1]["line"], 10);
}

TEST(OrdersCommand, RefusesADirectoryWithoutSources) {
  const scratch files;
  EXPECT_EQ(command({"orders", "--include", files / ""}).status, 2);
  EXPECT_EQ(command({"orders", "--include", files / "missing"}).status, 2);
  std::ofstream(files / "notes.txt") << sound;
  const outcome o = command({"orders", "--include", files / ""});
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "there is no C++ source");
}

}  // namespace
}  // namespace runnel::cli::testing
