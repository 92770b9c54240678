// SPDX-License-Identifier: MIT
//
// `runnel book`: the pages of a made-up source, and what it refuses.
#include "book/elements.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

namespace runnel::cli::testing {
namespace {

namespace fs = std::filesystem;

/// Its store is relaxed in one scenario; nothing fails when the load is.
const std::string book_source = R"(
void f() {
  // mail.publish: needs mail.see
  // Release: the value is complete, see mail.see.
  ready_.store(1, at<"mail.publish">(release));
}
void g() {
  // mail.see: needs mail.publish
  // Acquire: a < b.
  if (ready_.load(at<"mail.see">(acquire)) == 1) use();
}
)";

const std::string sentence = "a message <is> seen (once)";

/// Before the store, and after the load, there is an access to plain data.
model::picture picture_of_a_race() {
  model::picture p{{"before", "thread 0", "thread 1", "after"}, {}};
  model::picture_event construct;
  construct.kind = model::step::construct;
  construct.thread = 1;
  construct.object = "cell 1";
  construct.at_fault = true;
  model::picture_event store;
  store.kind = model::step::store;
  store.thread = 1;
  store.place = "mail.publish";
  store.object = "atomic 0";
  store.written = "1";
  store.position = 1;
  model::picture_event load = store;
  load.kind = model::step::load;
  load.thread = 2;
  load.order = std::memory_order::acquire;
  load.place = "mail.see";
  load.written.clear();
  load.read = "1";
  load.source = 1;
  model::picture_event destroy = construct;
  destroy.kind = model::step::destroy;
  destroy.thread = 2;
  p.events = {construct, store, load, destroy};
  return p;
}

check::result raced() {
  check::result r = failing();
  r.picture = picture_of_a_race();
  r.weakened = "mail.publish";
  return r;
}

/// It comes to both sites, and ends in this way if the store is weaker.
check::scenario mail(const check::result& weakened) {
  return scenario_of(sentence, [weakened] {
    const bool is_weaker = check::current_weakening().site == "mail.publish";
    check::result r = is_weaker ? weakened : passing();
    r.sites = {"mail.publish", "mail.see"};
    r.observations = {{{"mail.publish", "mail.see"}, 5, 1}};
    return r;
  });
}

nlohmann::json record_of_mail() {
  const auto step = [](const char* site, const char* change) {
    return nlohmann::json{{"site", site}, {"step", change}, {"in", "mpsc"}};
  };
  nlohmann::json publish = step("mail.publish", "release to relaxed");
  publish.update({{"scenario", sentence}, {"failure", "data race"}, {"executions", 2}});
  return {{"sites", {{"mail.publish", {"mpsc"}}, {"mail.see", {"mpsc"}}}},
          {"steps", {publish, step("mail.see", "acquire to relaxed")}},
          {"pairs", nlohmann::json::array()}};
}

class Book : public ::testing::Test {
 protected:
  Book() {
    fs::create_directory(files_ / "runnel");
    std::ofstream(files_ / "runnel/x.hpp") << book_source;
    std::ofstream(files_ / "orders.json") << record_of_mail();
  }

  outcome write(const check::result& weakened = raced()) const {
    return command({"book", book(), "--include", files_ / "", "--record", files_ / "orders.json"},
                   {mail(weakened)});
  }
  [[nodiscard]] std::string book() const { return files_ / "book"; }
  [[nodiscard]] std::string page(const std::string& name) const {
    return read_file(book() + "/" + name);
  }

  scratch files_;
};

TEST_F(Book, HasAPageForEachSite) {
  const outcome o = write();
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, "2 sites, 2 steps weaker, 1 scenarios; 0 errors");
  const std::string publish = page("sites/mail.publish.html");
  EXPECT_CONTAINS(publish, "<a href=\"../sites/mail.see.html\">mail.see</a>.");
  EXPECT_CONTAINS(publish, "<span class=\"verdict killed\">data race</span>");
  EXPECT_CONTAINS(publish, "<img src=\"../pictures/mail.publish_relaxed_mpsc.svg\"");
  EXPECT_CONTAINS(publish, "runnel explain mail.publish:relaxed:mpsc");
  const std::string see = page("sites/mail.see.html");
  EXPECT_CONTAINS(see, "a &lt; b");
  EXPECT_CONTAINS(see, "necessity not shown");
  EXPECT_CONTAINS(see, "in all of their 17 executions");
  EXPECT_CONTAINS(page("scenarios.html"), "<h2>a message &lt;is&gt; seen</h2>");
  EXPECT_CONTAINS(page("index.html"),
                  "2: 1 make a scenario fail, 0 are argued, 1 are not shown to be necessary");
}

TEST_F(Book, IsSound) {
  ASSERT_EQ(write().status, 0);
  const std::string check = RUNNEL_SOURCE_DIR "/ci/book_check.py " + book() + " --record " +
                            (files_ / "orders.json") + " > " + (files_ / "out") + " 2>&1";
  EXPECT_EQ(std::system(check.c_str()), 0) << read_file(files_ / "out");
}

/// What a page has at its foot: links to the page before and to the next.
std::string way_of(const std::string& page) {
  const std::size_t begin = page.find("<nav class=\"turn\">");
  return begin == std::string::npos ? "" : page.substr(begin, page.find("</nav>", begin) - begin);
}

TEST_F(Book, OpensWithACounterexample) {
  ASSERT_EQ(write().status, 0);
  const std::string index = page("index.html");
  EXPECT_CONTAINS(index, "One execution that goes wrong");
  EXPECT_CONTAINS(index, "src=\"pictures/mail.publish_relaxed_mpsc.svg\"");
  EXPECT_CONTAINS(index, "thread 0: <code>construct cell #1</code>.");
  EXPECT_CONTAINS(index, ">mail.publish</a></code>: <code>store relaxed");
  EXPECT_CONTAINS(index, ">mail.see</a></code>: <code>load acquire");
  EXPECT_CONTAINS(index, "thread 1: <code>take or destroy cell #1</code>.");
}

TEST_F(Book, OpensWithoutOneIfNoneIsOfThatKind) {
  check::result other = raced();
  other.picture.events.front().kind = model::step::read;
  ASSERT_EQ(write(other).status, 0);
  EXPECT_LACKS(page("index.html"), "One execution that goes wrong");
  EXPECT_CONTAINS(page("index.html"), "An order in which to read");
}

TEST_F(Book, IsReadFromPageToPage) {
  ASSERT_EQ(write().status, 0);
  EXPECT_EQ(way_of(page("index.html")),
            "<nav class=\"turn\">\n<a rel=\"next\" href=\"model.html\">The memory model →</a>\n");
  EXPECT_EQ(way_of(page("sites/mail.publish.html")),
            "<nav class=\"turn\">\n<a rel=\"prev\" href=\"../model.html\">← The memory model</a>\n"
            "<a rel=\"next\" href=\"../sites/mail.see.html\">mail.see →</a>\n");
  EXPECT_EQ(way_of(page("sources/runnel-x.hpp.html")),
            "<nav class=\"turn\">\n<a rel=\"prev\" href=\"../scenarios.html\">← Scenarios</a>\n");
  EXPECT_CONTAINS(page("sites/mail.see.html"),
                  "<a href=\"../sites/mail.see.html\" aria-current=\"page\"><code>mail.see</code>");
}

TEST_F(Book, HighlightsItsSource) {
  ASSERT_EQ(write().status, 0);
  const std::string source = page("sources/runnel-x.hpp.html");
  EXPECT_CONTAINS(source, "<span class=\"keyword\">void</span> f() {");
  EXPECT_CONTAINS(source, "at&lt;<span class=\"string\">&quot;<a href=\"../sites/mail.see.html\">");
  EXPECT_CONTAINS(page("sites/mail.see.html"),
                  "<span class=\"comment\">// Acquire: a &lt; b.</span>");
}

TEST_F(Book, SaysHowFarItIs) {
  const arguments write_it = {"book",      book(),     "--include",
                              files_ / "", "--record", files_ / "orders.json"};
  const outcome o = on_terminal(write_it, {mail(raced())});
  EXPECT_EQ(o.status, 0) << o.out;
  for (const char* const line : {"exploring scenarios: 1/1", "looking for counterexamples: 1/1",
                                 "drawing pictures: 1/1", "1/1\r\033[K7 files"})
    EXPECT_CONTAINS(o.out, line);
  EXPECT_EQ(command(write_it, {mail(raced())}).err, "") << "nobody looks at it";
}

TEST_F(Book, AKillerHasToFailStill) {
  const outcome o = write(passing());
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(
      o.err, "mail.publish:relaxed:mpsc: \"" + sentence + "\" does not fail as the record says");
}

TEST_F(Book, AKillerHasToFailInTheSameWay) {
  nlohmann::json record = record_of_mail();
  record["steps"][0]["failure"] = "deadlock";
  std::ofstream(files_ / "orders.json") << record;
  const outcome o = write();
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.err, "does not fail as the record says");
}

TEST_F(Book, AScenarioHasToPassAsTheOrdersStand) {
  const outcome o = command(
      {"book", book(), "--include", files_ / "", "--record", files_ / "orders.json"}, {bad()});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.err, "a bad one: failed, data race");
  EXPECT_CONTAINS(o.err, "there is no scenario \"" + sentence + "\"");
}

TEST_F(Book, ReplacesABookAndNothingElse) {
  ASSERT_EQ(write().status, 0);
  std::ofstream(book() + "/sites/gone.html") << "a site that is no more";
  EXPECT_EQ(write().status, 0);
  EXPECT_EQ(page("sites/gone.html"), "");
  fs::remove(book() + "/index.html");
  const outcome o = write();
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "is neither empty nor a book");
  EXPECT_NE(page("sites/mail.see.html"), "");
}

TEST_F(Book, NeedsWhatItIsMadeFrom) {
  EXPECT_EQ(command({"book"}).status, 2);
  EXPECT_EQ(command({"book", ""}, {good()}).status, 2);
  EXPECT_EQ(command({"book", book(), "--results", ""}, {good()}).status, 2);
  EXPECT_EQ(command({"book", book(), "--record", files_ / "none.json"}, {good()}).status, 2);
  std::ofstream(files_ / "runnel/x.hpp") << "void f() { x_.load(at<\"a.load\">(acquire)); }\n";
  const outcome o = write();
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.err, "the site a.load has no comment directly above it");
  EXPECT_FALSE(fs::exists(book() + "/index.html"));
}

TEST(BookElements, NumbersAreGrouped) {
  EXPECT_EQ(book::number(0), "0");
  EXPECT_EQ(book::number(999), "999");
  EXPECT_EQ(book::number(1234567), "1\u202f234\u202f567");
}

}  // namespace
}  // namespace runnel::cli::testing
