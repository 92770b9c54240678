// SPDX-License-Identifier: MIT
//
// What a check of people's own says and writes of a failure: the story, the picture, which orders would help, JSON
// and JUnit XML.
#include <runnel/model/check.hpp>
#include <runnel/model/check_orders.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace runnel::model {
namespace {

namespace fs = std::filesystem;
using order = std::memory_order;

struct hand_off {
  var<int> value{0, "value"};
  atomic<bool> ready{false, "ready"};
};
template <order Publish>
void send(hand_off& h) {
  h.value = 1;
  h.ready.store(true, Publish, {"publish"});
}
template <order See>
void receive(hand_off& h) {
  if (h.ready.load(See, {"see"})) require(h.value == 1, "the value is lost");
}

/// An empty directory of the test.
class Explain : public testing::Test {
 protected:
  Explain()
      : directory_(fs::path(testing::TempDir()) /
                   (std::string("runnel_explain_") +
                    testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  ~Explain() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string in(const std::string& name) const {
    return (directory_ / name).string();
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(in(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory_))
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

 private:
  fs::path directory_;
};

struct outcome {
  int status;
  std::string told;
};

template <class Run>
outcome run(Run check, const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"program"};
  for (const std::string& a : arguments) argv.push_back(a.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = check(static_cast<int>(argv.size()), argv.data());
  return {status, testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr()};
}

template <class State = hand_off, class... Bodies>
outcome run_check(const std::vector<std::string>& arguments, Bodies... bodies) {
  return run(
      [&](int argc, const char* const* argv) {
        return check<State>("a hand-off", argc, argv, bodies...);
      },
      arguments);
}
template <class... Bodies>
outcome run_check_orders(const std::vector<std::string>& arguments, Bodies... bodies) {
  return run(
      [&](int argc, const char* const* argv) {
        return check_orders<hand_off>("a hand-off", argc, argv, bodies...);
      },
      arguments);
}

std::string lines_joined(std::string text) {
  std::string joined;
  for (const char c : text) {
    if (c != '\n' && c != ' ') {
      joined += c;
    } else if (joined.empty() || joined.back() != ' ') {
      joined += ' ';
    }
  }
  return joined;
}
void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(lines_joined(text).find(part), std::string::npos) << part << "\nis not in\n" << text;
}
void expect_lacks(const std::string& text, const std::string& part) {
  EXPECT_EQ(lines_joined(text).find(part), std::string::npos) << part << "\nis in\n" << text;
}

// ---- Which orders would help

constexpr const char* one_order =
    "If publish were release, publish of thread 0 would synchronize with see of thread 1. Then the "
    "two "
    "accesses that race would be ordered by happens-before. That is the least that would do";

TEST_F(Explain, NamesTheOneOrderThatIsTooWeak) {
  const auto [status, told] = run_check({}, send<order::relaxed>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told, one_order);
}

TEST_F(Explain, NamesTwoOrdersIfOneIsNotEnough) {
  const auto [status, told] = run_check({}, send<order::relaxed>, receive<order::relaxed>);
  EXPECT_EQ(status, 1);
  expect_contains(told, "If publish were release and see were acquire, publish of thread 0 would");
}

struct two_flags {
  atomic<int> x{0, "x"};
  atomic<int> y{0, "y"};
  var<int> inside{0, "inside"};
};
template <order Raise, order Look>
void enter(two_flags& s, atomic<int> two_flags::* mine, atomic<int> two_flags::* other,
           const char* raise, const char* look) {
  (s.*mine).store(1, Raise, {raise});
  if ((s.*other).load(Look, {look}) == 0) s.inside = 1;
}

/// Store buffering: of the acquires and releases none would help, nor one seq_cst.
TEST_F(Explain, NamesNoOrdersWhereMoreThanTwoWouldHaveToChange) {
  const auto left = [](two_flags& s) {
    enter<order::release, order::acquire>(s, &two_flags::x, &two_flags::y, "left.raise",
                                          "left.look");
  };
  const auto right = [](two_flags& s) {
    enter<order::release, order::acquire>(s, &two_flags::y, &two_flags::x, "right.raise",
                                          "right.look");
  };
  const auto [status, told] = run_check<two_flags>({}, left, right);
  EXPECT_EQ(status, 1);
  expect_contains(told, "data race");
  expect_lacks(told, "the least that would do");
}

TEST_F(Explain, NamesSeqCstWhereNothingLessWouldDo) {
  const auto left = [](two_flags& s) {
    enter<order::seq_cst, order::acquire>(s, &two_flags::x, &two_flags::y, "left.raise",
                                          "left.look");
  };
  const auto right = [](two_flags& s) {
    enter<order::seq_cst, order::seq_cst>(s, &two_flags::y, &two_flags::x, "right.raise",
                                          "right.look");
  };
  const auto [status, told] = run_check<two_flags>({}, left, right);
  EXPECT_EQ(status, 1);
  expect_contains(told, "If left.look were seq_cst, this execution would not exist");
}

TEST_F(Explain, NamesNoOrderWhereOrdersAreNotWhatIsWrong) {
  const auto [status, told] =
      run_check({}, send<order::release>, [](hand_off&) { require(false, "it is not right"); });
  EXPECT_EQ(status, 1);
  expect_contains(told, "it is not right");
  expect_lacks(told, "the least that would do");
}

// ---- The story and the picture

TEST_F(Explain, TellsAndDrawsWhatFails) {
  const auto [status, told] =
      run_check({"--explain", in("pages")}, send<order::relaxed>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  EXPECT_TRUE(told.starts_with("a hand-off: FAILED\n\ndata race: ")) << told;
  expect_contains(told, "At publish it writes 1 to ready (relaxed).");
  expect_contains(told, one_order);
  expect_contains(told, "to see it again: program --replay graph://");
  EXPECT_EQ(told.find("data race: a write"), told.rfind("data race: a write")) << told;
  EXPECT_EQ(files(), (std::vector<std::string>{"a_hand-off.html", "a_hand-off.svg"}));
  const std::string page = content("pages/a_hand-off.html");
  expect_contains(page, one_order);
  expect_contains(page, "missing: sw");
  expect_contains(page, "Dashed blue");
  expect_lacks(page, "Brown");
}

TEST_F(Explain, QuotesTheSource) {
  const auto publish = [](hand_off& h) {
    h.value.set(1);
    h.ready.store(true, order::relaxed);  // the line that is quoted
  };
  const auto [status, told] =
      run_check({"--explain", in("pages")}, publish, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told, " h.ready.store(true, order::relaxed); // the line that is quoted");
}

TEST_F(Explain, TellsOfARepeatedExecution) {
  const auto [status, told] = run_check({"--replay", "graph://", "--explain", in("")},
                                        send<order::relaxed>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told, one_order);
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(Explain, TellsNothingOfWhatPasses) {
  const auto [status, told] =
      run_check({"--explain", in("")}, send<order::release>, receive<order::acquire>);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(files().empty());
}

TEST_F(Explain, GoesWhereOutputOfOtherCommandsGoes) {
  const auto [status, told] = run_check({"--output", in("pages"), "--timeout", "60"},
                                        send<order::relaxed>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(Explain, FailsIfItCannotWrite) {
  std::ofstream(in("file")) << "x";
  for (const auto& expectation : {std::vector<std::string>{}, {"--expect-failure", "data race"}}) {
    std::vector<std::string> arguments{"--explain", in("file")};
    arguments.insert(arguments.end(), expectation.begin(), expectation.end());
    const auto [status, told] = run_check(arguments, send<order::relaxed>, receive<order::acquire>);
    EXPECT_EQ(status, expectation.empty() ? 1 : 2);
    expect_contains(told, "data race");
    expect_contains(told, "file");
  }
}

TEST_F(Explain, SaysIfThereIsNoGraphviz) {
  const std::string path = std::getenv("PATH");
  ASSERT_EQ(setenv("PATH", in("").c_str(), 1), 0);
  const auto [status, told] =
      run_check({"--explain", in("")}, send<order::relaxed>, receive<order::acquire>);
  ASSERT_EQ(setenv("PATH", path.c_str(), 1), 0);
  EXPECT_EQ(status, 1);
  expect_contains(told, "At publish it writes 1 to ready (relaxed).");
  expect_contains(told, "Debian's package is graphviz");
  expect_lacks(told, "written:");
  EXPECT_TRUE(files().empty());
}

// ---- A weaker order, by its name

TEST_F(Explain, WeakensAnOrder) {
  const auto [status, told] =
      run_check({"--weaken", "see:relaxed"}, send<order::release>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told, "If see were acquire, publish of thread 0 would synchronize with see");
  expect_lacks(told, "the least that would do");
  expect_contains(told, "This execution alone: program --weaken see:relaxed --replay graph://");
  expect_contains(told, "the same, with --explain DIR");
  const auto again = run_check({"--weaken", "see:relaxed", "--replay", "graph://"},
                               send<order::release>, receive<order::acquire>);
  EXPECT_EQ(again.status, 1);
  expect_contains(again.told, "load ready -> 1 (relaxed)");
}

TEST_F(Explain, RefusesWhatCannotBeWeakenedSo) {
  const auto [status, told] =
      run_check({"--weaken", "sea:relaxed"}, send<order::seq_cst>, receive<order::acquire>);
  EXPECT_EQ(status, 2);
  expect_contains(told,
                  "no order can be weakened so: \"sea:relaxed\"; these can: publish:release "
                  "publish:relaxed see:relaxed");
  const auto twice = [](hand_off& h) {
    h.ready.store(true, order::release, {"both"});
    (void)h.ready.load(order::acquire, {"both"});
  };
  const auto ambiguous = run_check({"--weaken", "both:relaxed"}, twice, receive<order::acquire>);
  EXPECT_EQ(ambiguous.status, 2);
  expect_contains(ambiguous.told, "\"both:relaxed\" is the name of 2 operations");
}

// ---- The memory model

/// SB+rfis: of one execution RC11 and the words of C++20 have different opinions.
TEST_F(Explain, HasTheMemoryModelThatIsAskedFor) {
  const auto part = [](atomic<int> two_flags::* mine, atomic<int> two_flags::* other) {
    return [=](two_flags& s) {
      (s.*mine).store(1, order::release);
      (void)(s.*mine).load(order::seq_cst);
      if ((s.*other).load(order::seq_cst) == 0) s.inside = 1;
    };
  };
  const auto left = part(&two_flags::x, &two_flags::y);
  const auto right = part(&two_flags::y, &two_flags::x);
  EXPECT_EQ(run_check<two_flags>({"--memory-model", "cxx20"}, left, right).status, 0);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>(), {"--memory-model", "rc11"}})
    EXPECT_EQ(run_check<two_flags>(arguments, left, right).status, 1);
  EXPECT_EQ(run_check<two_flags>({"--memory-model", "sc"}, left, right).status, 2);
  const auto [status, told] = run_check({"--memory-model", "cxx20", "--json", in("result.json")},
                                        send<order::relaxed>, receive<order::acquire>);
  expect_contains(told, "program --memory-model cxx20 --replay graph://");
  EXPECT_EQ(nlohmann::json::parse(content("result.json"))["memory_model"], "cxx20");
}

// ---- For other programs

TEST_F(Explain, WritesJson) {
  struct trial {
    std::vector<std::string> arguments;
    order publish;
    int status;
    std::string verdict;
    std::string failure;
  };
  const std::vector<trial> trials{
      {{}, order::release, 0, "passed", ""},
      {{}, order::relaxed, 1, "failed", "data race"},
      {{"--limit", "1"}, order::release, 1, "incomplete", ""},
      {{"--expect-failure", "data race"}, order::relaxed, 0, "passed", "data race"},
      {{"--expect-failure", "data race"}, order::release, 1, "failed", ""}};
  for (const trial& t : trials) {
    std::vector<std::string> arguments{"--json", in("result.json")};
    arguments.insert(arguments.end(), t.arguments.begin(), t.arguments.end());
    const auto publish = t.publish == order::release ? send<order::release> : send<order::relaxed>;
    EXPECT_EQ(run_check(arguments, publish, receive<order::acquire>).status, t.status);
    const auto json = nlohmann::json::parse(content("result.json"));
    EXPECT_EQ(json["name"], "a hand-off");
    EXPECT_EQ(json["verdict"], t.verdict);
    EXPECT_EQ(json["failure"], t.failure);
    EXPECT_EQ(json["picture"]["events"].empty(), t.failure.empty());
    EXPECT_EQ(json["replay"], t.failure.empty() ? "" : "graph://");
  }
}

TEST_F(Explain, WritesJUnit) {
  EXPECT_EQ(
      run_check({"--junit", in("a.xml")}, send<order::release>, receive<order::acquire>).status, 0);
  expect_contains(content("a.xml"), "tests=\"1\" failures=\"0\" errors=\"0\"");
  EXPECT_EQ(
      run_check({"--junit", in("a.xml")}, send<order::relaxed>, receive<order::acquire>).status, 1);
  expect_contains(content("a.xml"), "tests=\"1\" failures=\"1\" errors=\"0\"");
  expect_contains(content("a.xml"), "<failure type=\"data race\" message=\"a write to value");
  expect_contains(content("a.xml"), "this execution alone: program --replay graph://");
  EXPECT_EQ(run_check({"--junit", in("a.xml"), "--limit", "1"}, send<order::release>,
                      receive<order::acquire>)
                .status,
            1);
  expect_contains(content("a.xml"), "<error type=\"incomplete\"");
}

TEST_F(Explain, RefusesFilesThatCannotBeWrittenBeforeItSearches) {
  for (const char* const option : {"--json", "--junit"}) {
    const auto [status, told] =
        run_check({option, in("none/result")}, send<order::relaxed>, receive<order::acquire>);
    EXPECT_EQ(status, 2);
    expect_contains(told, "cannot write");
    expect_lacks(told, "data race");
  }
}

// ---- Of all orders

TEST_F(Explain, WritesABookOfTheOrders) {
  const auto [status, told] = run_check_orders(
      {"--explain", in("book"), "--json", in("orders.json"), "--junit", in("o.xml")},
      send<order::release>, receive<order::seq_cst>);
  EXPECT_EQ(status, 1);
  expect_contains(told, "1 of 2 orders are needed");
  EXPECT_EQ(files(), (std::vector<std::string>{"index.html", "o.xml", "orders.json",
                                               "publish_relaxed.html", "publish_relaxed.svg",
                                               "see_relaxed.html", "see_relaxed.svg"}));
  expect_contains(content("book/index.html"),
                  "<td>acquire passes; relaxed fails: <a href=\"see_relaxed.html\">data race</a>");
  expect_contains(content("book/publish_relaxed.html"), "If publish were release, publish of");
  expect_contains(content("book/publish_relaxed.html"),
                  "program --weaken publish:relaxed --replay graph://");
  const auto json = nlohmann::json::parse(content("orders.json"));
  EXPECT_EQ(json["verdict"], "failed");
  ASSERT_EQ(json["orders"].size(), 2U);
  EXPECT_EQ(json["orders"][0]["place"], "publish");
  EXPECT_TRUE(json["orders"][0]["is_needed"]);
  EXPECT_EQ(json["orders"][0]["weaker"][0]["verdict"], "fails");
  EXPECT_FALSE(json["orders"][1]["is_needed"]);
  EXPECT_EQ(json["orders"][1]["weaker"][0]["verdict"], "passes");
  expect_contains(content("o.xml"), "tests=\"2\" failures=\"1\" errors=\"0\"");
  expect_contains(content("o.xml"), "<failure type=\"not needed\"");
}

TEST_F(Explain, RunsOneWeakerOrderOfAProgramThatHasThemAll) {
  const auto [status, told] =
      run_check_orders({"--weaken", "see:relaxed"}, send<order::release>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told, "If see were acquire");
  EXPECT_EQ(
      run_check_orders({"--replay", "graph://"}, send<order::release>, receive<order::acquire>)
          .status,
      0);
}

}  // namespace
}  // namespace runnel::model
