// SPDX-License-Identifier: MIT
//
// Executions as data, and their pictures: of small programs that are explored here.
#include "command.hpp"
#include "explain/scenario_explanation.hpp"
#include "picture/dot.hpp"
#include "picture/labels.hpp"
#include "picture/relations.hpp"
#include "terminal/highlight.hpp"
#include "terminal/html.hpp"

#include <runnel/model/check.hpp>

#include <algorithm>
#include <sstream>
#include <tuple>

namespace runnel::cli::testing {
namespace {

using model::picture;
using model::picture_event;
using model::step;
using std::memory_order;

template <class State, class... Bodies>
model::explore_result explored(const model::explore_options& how, Bodies... bodies) {
  return model::explore<State>(how, bodies...);
}

struct mailbox {
  model::atomic<int> ready{0};
  model::var<int> letter{0};
};

/// The letter is published with an order.
model::explore_result mail(memory_order order) {
  return explored<mailbox>(
      {},
      [order](mailbox& m) {
        m.letter = 7;
        m.ready.store(1, order, {"mail.publish"});
      },
      [](mailbox& m) {
        if (m.ready.load(memory_order::acquire, {"mail.see"}) == 1)
          model::require(m.letter == 7, "");
      });
}

std::vector<step> kinds_of(const picture& p, unsigned thread) {
  std::vector<step> kinds;
  for (const picture_event& e : p.events)
    if (e.thread == thread) kinds.push_back(e.kind);
  return kinds;
}

TEST(Picture, HasTheEventsOfTheFailingExecution) {
  const model::explore_result r = mail(memory_order::relaxed);
  ASSERT_EQ(r.failure, "data race");
  const picture& p = r.picture;
  EXPECT_EQ(p.threads, (arguments{"before", "thread 0", "thread 1", "after"}));
  EXPECT_EQ(kinds_of(p, 1), (std::vector{step::write, step::store}));
  EXPECT_EQ(kinds_of(p, 2), (std::vector{step::load, step::read}));
  const auto store = std::ranges::find(p.events, step::store, &picture_event::kind);
  const auto load = std::ranges::find(p.events, step::load, &picture_event::kind);
  EXPECT_EQ(store->place, "mail.publish");
  EXPECT_EQ(store->object, "atomic 0");
  EXPECT_EQ(store->written, "1");
  EXPECT_EQ(store->position, 1U);
  EXPECT_EQ(load->read, "1");
  EXPECT_EQ(load->order, memory_order::acquire);
  EXPECT_EQ(load->source, static_cast<std::size_t>(store - p.events.begin()));
  const auto race = racing(p);
  ASSERT_EQ(race.size(), 2U);
  EXPECT_EQ(p.events[race[0]].kind, step::write);
  EXPECT_EQ(p.events[race[1]].kind, step::read);
  EXPECT_EQ(synchronizes_with(p), std::vector<model::picture_edge>());
}

TEST(Picture, IsThereOnlyOfAnExecutionThatIsShown) {
  const model::explore_result r = mail(memory_order::release);
  EXPECT_EQ(r.end, model::end_of_search::exhausted);
  EXPECT_EQ(r.picture, picture());
}

TEST(Picture, HasWaitersAtFault) {
  struct one {
    model::atomic<int> n{0};
  };
  const auto r = explored<one>(
      {}, [](one& o) { (void)o.n.await([](int n) { return n == 2; }); },
      [](one& o) { o.n.store(1); });
  ASSERT_EQ(r.failure, "livelock");
  const auto waits = std::ranges::find(r.picture.events, true, &picture_event::at_fault);
  ASSERT_NE(waits, r.picture.events.end());
  EXPECT_TRUE(waits->awaits);
  EXPECT_EQ(waits->thread, 1U);
  EXPECT_EQ(racing(r.picture), std::vector<std::size_t>());
}

TEST(Picture, HasNotesAndWhereItFails) {
  struct nothing {};
  const auto r = explored<nothing>({}, [](nothing&) {
    model::note("calls send 1");
    model::remark("for the history alone");
    model::fail("assertion", "it is wrong");
  });
  EXPECT_EQ(kinds_of(r.picture, 1), (std::vector{step::note, step::failure}));
  EXPECT_TRUE(r.picture.events.back().at_fault);
  EXPECT_CONTAINS(r.history, "for the history alone");
}

// Synchronization.

struct written {
  picture p{{"before", "thread 0", "thread 1", "thread 2", "after"}, {}};

  std::size_t add(unsigned thread, step kind, memory_order order,
                  std::size_t source = picture_event::initial, std::string place = {}) {
    picture_event e;
    e.kind = kind;
    e.thread = thread;
    e.order = order;
    e.place = std::move(place);
    e.source = source;
    if (kind != step::fence) e.object = "atomic 0";
    if (model::writes(e)) {
      e.position = ++position_;
      e.written = std::to_string(e.position);
    }
    if (model::reads(e)) e.read = source == picture_event::initial ? "0" : p.events[source].written;
    p.events.push_back(e);
    return p.events.size() - 1;
  }

 private:
  std::size_t position_ = 0;
};

using edges = std::vector<model::picture_edge>;

TEST(Picture, SynchronizesThroughReleaseSequences) {
  written w;
  const auto store = w.add(1, step::store, memory_order::release);
  const auto update = w.add(2, step::update, memory_order::relaxed, store);
  const auto load = w.add(3, step::load, memory_order::acquire, update);
  EXPECT_EQ(synchronizes_with(w.p), (edges{{store, load}}));
  w.p.events[update].kind = step::store;
  EXPECT_EQ(synchronizes_with(w.p), edges());
}

TEST(Picture, SynchronizesThroughFences) {
  written w;
  const auto release = w.add(1, step::fence, memory_order::release);
  const auto store = w.add(1, step::store, memory_order::relaxed);
  (void)w.add(2, step::load, memory_order::relaxed, store);
  const auto acquire = w.add(2, step::fence, memory_order::acquire);
  EXPECT_EQ(synchronizes_with(w.p), (edges{{release, acquire}}));
  EXPECT_TRUE(happens_before(w.p)(release, acquire));
  w.p.events[release].silent = true;
  EXPECT_EQ(synchronizes_with(w.p), edges());
}

TEST(Picture, KnowsIncoherentReads) {
  written w;
  const auto first = w.add(1, step::store, memory_order::release);
  const auto second = w.add(1, step::store, memory_order::release);
  const auto sees = w.add(2, step::load, memory_order::acquire, second);
  const auto old = w.add(2, step::load, memory_order::relaxed, first);
  EXPECT_EQ(incoherent(w.p), (std::vector{second, old}));
  w.p.events[old].source = sees - 1;
  EXPECT_EQ(incoherent(w.p), std::vector<std::size_t>());
}

/// Both threads write, then read what the other has not written yet.
picture store_buffering(memory_order order) {
  written w;
  (void)w.add(1, step::store, order, picture_event::initial, "x.write");
  (void)w.add(2, step::store, order, picture_event::initial, "y.write");
  (void)w.add(1, step::load, order, picture_event::initial, "y.read");
  (void)w.add(2, step::load, order, picture_event::initial, "x.read");
  w.p.events[1].object = w.p.events[2].object = "atomic 1";
  w.p.events[1].position = 1;
  return w.p;
}

TEST(Picture, KnowsCyclesOfSeqCst) {
  EXPECT_EQ(cycle_of_seq_cst(store_buffering(memory_order::release)), std::vector<std::size_t>());
  EXPECT_EQ(cycle_of_seq_cst(store_buffering(memory_order::seq_cst)),
            (std::vector<std::size_t>{0, 2, 1, 3}));
}

// The smallest.

TEST(Picture, TheSmallestIsFoundAfterALargerOne) {
  struct counter {
    model::atomic<int> n{0};
  };
  const auto writer = [](counter& c) { c.n.store(1); };
  const auto reader = [](counter& c) {
    // What is visited first reads what is newest.
    const bool late = c.n.load() == 1;
    if (late) {
      for (int i = 0; i < 5; ++i) (void)c.n.load();
    }
    model::require(false, "always");
  };
  const auto first = explored<counter>({}, writer, reader);
  model::explore_options how;
  how.smallest = 1000;
  const auto smallest = explored<counter>(how, writer, reader);
  ASSERT_EQ(smallest.end, model::end_of_search::failed);
  EXPECT_GT(first.picture.events.size(), smallest.picture.events.size());
  EXPECT_TRUE(smallest.is_smallest);
  EXPECT_EQ(smallest.failures, 2U);
  how.smallest = 0;
  how.replay = smallest.replay;
  EXPECT_EQ(explored<counter>(how, writer, reader).picture, smallest.picture);
}

TEST(Picture, ALimitedSearchDoesNotFindTheSmallest) {
  struct counter {
    model::atomic<int> n{0};
  };
  const auto body = [](counter& c) {
    (void)c.n.fetch_add(1);
    (void)c.n.fetch_add(1);
  };
  const auto fails = [](counter& c) {
    (void)c.n.fetch_add(1);
    model::require(false, "always");
  };
  model::explore_options how;
  how.smallest = 1;
  EXPECT_FALSE(explored<counter>(how, body, fails).is_smallest);
}

// Pictures.

drawing drawn(picture p) {
  drawing d;
  d.picture = std::move(p);
  return d;
}

TEST(Dot, OfASmallExecution) {
  written w;
  const auto store =
      w.add(1, step::store, memory_order::release, picture_event::initial, "mail.publish");
  (void)w.add(2, step::load, memory_order::acquire, store, "mail.see");
  drawing d = drawn(w.p);
  d.caption = "nothing is wrong";
  const std::string dot = dot_text(d);
  EXPECT_CONTAINS(dot, "<b>mail.publish</b></td></tr><tr><td>store release  atomic 0 = 1</td>");
  EXPECT_CONTAINS(dot, "<b>mail.see</b></td></tr><tr><td>load acquire  atomic 0 \u2192 1</td>");
  EXPECT_CONTAINS(dot, "n0 -> n1 [color=\"#1f4fd8\", fontcolor=\"#1f4fd8\", penwidth=2.2, label=<");
  EXPECT_CONTAINS(dot, "bgcolor=\"white\"><tr><td>rf, sw</td>");
  EXPECT_CONTAINS(dot, "nothing is wrong<br/>");
  EXPECT_CONTAINS(dot, "<b>thread 1</b>");
  EXPECT_LACKS(dot, "dashed\", penwidth");
}

TEST(Dot, FoldsLongStretches) {
  written w;
  for (int i = 0; i < 7; ++i) (void)w.add(1, step::load, memory_order::relaxed);
  const auto store = w.add(1, step::store, memory_order::relaxed);
  (void)w.add(2, step::load, memory_order::relaxed, store);
  (void)w.add(2, step::fence, memory_order::seq_cst);
  const drawing d = drawn(w.p);
  const auto nodes = nodes_of(d, edges_of(d));
  ASSERT_EQ(nodes.size(), 4U);
  EXPECT_EQ(nodes[0].events.size(), 7U);
  EXPECT_CONTAINS(dot_text(d), "label=<\u2026 7 events>");
  EXPECT_CONTAINS(dot_text(d), "label=<fence seq_cst>") << "one event is no stretch";
  // What is at fault is always shown.
  drawing with_fault = d;
  with_fault.picture.events[3].at_fault = true;
  EXPECT_CONTAINS(dot_text(with_fault), "label=<\u2026 3 events>");
}

TEST(Dot, EscapesNames) {
  written w;
  (void)w.add(1, step::store, memory_order::relaxed, picture_event::initial, "a<b>&\"c\"");
  drawing d = drawn(w.p);
  d.caption = "x < \"y\"";
  const std::string dot = dot_text(d);
  EXPECT_CONTAINS(dot, "<b>a&lt;b&gt;&amp;&quot;c&quot;</b>");
  EXPECT_CONTAINS(dot, "x &lt; &quot;y&quot;");
  const std::string svg = svg_of(d);
  EXPECT_TRUE(svg.starts_with("<svg"));
  EXPECT_CONTAINS(svg, "a&lt;b&gt;&amp;&quot;c&quot;");
  EXPECT_LACKS(svg, "<!");
}

/// What ci/picture_check.py says of the picture.
std::string judged(const std::string& svg) {
  const scratch files;
  std::ofstream(files / "picture.svg") << svg;
  const std::string check = RUNNEL_SOURCE_DIR "/ci/picture_check.py " + (files / "picture.svg") +
                            " > " + (files / "out") + " 2>&1";
  std::ignore = std::system(check.c_str());
  return read_file(files / "out");
}

TEST(Dot, LabelsLieOnNothing) {
  written w;
  const auto first = w.add(1, step::store, memory_order::relaxed, picture_event::initial, "a");
  const auto second = w.add(1, step::store, memory_order::relaxed, picture_event::initial, "b");
  const auto third = w.add(2, step::load, memory_order::relaxed, first, "c");
  const auto fourth = w.add(2, step::load, memory_order::acquire, second, "d");
  drawing d = drawn(w.p);
  d.caption = "nothing";
  d.missing = {{first, third}, {second, fourth}, {first, fourth}};
  d.missing_label = "missing: sw";
  d.cycle = {first, second, third, fourth};
  EXPECT_EQ(judged(svg_of(d)), "0 errors\n");
}

TEST(Dot, LabelsAreMovedOnlyIfTheyHaveTo) {
  const auto svg = [](const std::string& box) {
    return "<svg>\n<g id=\"graph0\" class=\"graph\">\n"
           "<polygon fill=\"white\" points=\"0,0 0,-100 200,-100 200,0 0,0\"/>\n"
           "<g id=\"edge1\" class=\"edge\">\n"
           "<path fill=\"none\" d=\"M0,-50C66,-50 134,-50 200,-50\"/>\n"
           "<polygon fill=\"white\" points=\"91,-44 91,-56 109,-56 109,-44 91,-44\"/>\n"
           "<text x=\"92.5\" y=\"-47\">rf</text>\n</g>\n" +
           box + "</g>\n</svg>\n";
  };
  EXPECT_CONTAINS(with_labels_apart(svg("")),
                  "</g>\n<g class=\"label\">\n<polygon fill=\"white\" points=\"91.00,-44.00 ");
  const std::string box =
      "<g id=\"node1\" class=\"node\">\n<polygon fill=\"none\" "
      "points=\"80,-20 80,-80 120,-80 120,-20 80,-20\"/>\n</g>\n";
  const std::string moved = with_labels_apart(svg(box));
  EXPECT_LACKS(moved, "91.00,-44.00");
  EXPECT_CONTAINS(moved, "-44.00 ") << "along its edge";
  EXPECT_TRUE(moved.ends_with("</g>\n</g>\n</svg>\n"));
}

TEST(Html, HighlightsSource) {
  EXPECT_EQ(html::highlighted("if (x < 0x1F'00) return \"a\\\"//\" + 'b'; // c & d"),
            "<span class=\"keyword\">if</span> (x &lt; <span class=\"number\">0x1F&#39;00</span>) "
            "<span class=\"keyword\">return</span> <span class=\"string\">&quot;a\\&quot;//&quot;"
            "</span> + <span class=\"string\">&#39;b&#39;</span>; "
            "<span class=\"comment\">// c &amp; d</span>");
  EXPECT_EQ(html::highlighted("iffy for1 #if /* a */ b"),
            "iffy for1 <span class=\"keyword\">#if</span> "
            "<span class=\"comment\">/* a */</span> b");
  for (const char* const open : {"\"a\\", "/*", "'", "#", "//"})
    EXPECT_CONTAINS(html::highlighted(open), "</span>") << open;
  EXPECT_EQ(html::highlighted(""), "");
}

TEST(Html, Escapes) {
  EXPECT_EQ(html::escape("<a href='x'>\"&\"\x01"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;\xEF\xBF\xBD");
  EXPECT_EQ(html::element("p", "a < b", "x"), "<p class=\"x\">a &lt; b</p>\n");
  EXPECT_EQ(html::link("a b.html", "<b>"), "<a href=\"a b.html\">&lt;b&gt;</a>");
  EXPECT_EQ(html::file_name("ring.publish:relaxed:mpsc"), "ring.publish_relaxed_mpsc");
  EXPECT_EQ(html::file_name("../a b"), ".._a_b");
  EXPECT_CONTAINS(html::page("a < b", "<p>c</p>"), "<title>a &lt; b</title>");
}

// Explanations.

order_table table_of(const std::string& source) { return read_orders({{"x.hpp", source}}); }

const std::string mail_source = R"(
void f() {
  // mail.publish: needs mail.see
  // Release: the letter is complete.
  box->ready_.store(1, at<"mail.publish">(release));
}
void g() {
  // mail.see: needs mail.publish
  // Acquire: as mail.publish.
  if (ready_.load(at<"mail.see">(acquire)) == 1) read();
}
)";

check::result as_result(const model::explore_result& r) {
  check::result c;
  c.verdict = check::verdict::failed;
  c.failure = r.failure;
  c.message = r.message;
  c.picture = r.picture;
  c.failures = r.failures;
  return c;
}

TEST(Explanation, HasTheEdgeThatTheRightOrderWouldAdd) {
  check::result r = as_result(mail(memory_order::relaxed));
  const std::vector<source_file> sources{{"x.hpp", mail_source}};
  const auto table = table_of(mail_source);
  for (const std::string weakened : {"mail.publish", ""}) {  // by us, or in the source
    r.weakened = weakened;
    const explanation e = explain("mail", r, table, sources);
    ASSERT_EQ(e.shown.missing.size(), 1U);
    EXPECT_EQ(r.picture.events[e.shown.missing[0].first].place, "mail.publish");
    EXPECT_EQ(r.picture.events[e.shown.missing[0].second].place, "mail.see");
    EXPECT_CONTAINS(e.remedy,
                    "If mail.publish were release, mail.publish of thread 0 would "
                    "synchronize with mail.see of thread 1.");
    EXPECT_CONTAINS(e.remedy, "would be ordered by happens-before");
    EXPECT_CONTAINS(dot_text(e.shown), "<td>missing: sw</td>");
    EXPECT_CONTAINS(dot_text(e.shown), "ready_ #0 = 1");
    ASSERT_EQ(e.sites.size(), 2U);
    EXPECT_EQ(e.sites[0].code, "box->ready_.store(1, at<\"mail.publish\">(release));");
    EXPECT_EQ(e.sites[0].line, 5U);
  }
}

TEST(Explanation, HasTheCircleThatSeqCstForbids) {
  check::result r;
  r.verdict = check::verdict::failed;
  r.failure = "lost wake-up";
  r.picture = store_buffering(memory_order::seq_cst);
  r.picture.events[3].order = memory_order::acquire;
  r.weakened = "x.read";
  const std::string source = R"(
void f() {
  // x.read: handshake y.read
  // Seq_cst: the handshake.
  if (x_.load(at<"x.read">(seq_cst)) == 1) read();
}
)";
  const explanation e = explain("a handshake", r, table_of(source), {{"x.hpp", source}});
  EXPECT_EQ(e.shown.cycle.size(), 4U);
  EXPECT_CONTAINS(e.remedy,
                  "If x.read were seq_cst, this execution would not exist: the single total "
                  "order S");
  EXPECT_CONTAINS(e.remedy, "reads the value before it is overwritten");
}

/// The letter is a number, written before it is published.
TEST(Explanation, HasTheReadThatWouldBeIncoherent) {
  written w;
  const auto letter = w.add(1, step::store, memory_order::relaxed);
  const auto flag =
      w.add(1, step::store, memory_order::relaxed, picture_event::initial, "mail.publish");
  (void)w.add(2, step::load, memory_order::acquire, flag, "mail.see");
  const auto old = w.add(2, step::load, memory_order::relaxed);
  w.p.events[letter].object = w.p.events[old].object = "atomic 1";
  check::result r;
  r.verdict = check::verdict::failed;
  r.failure = "assertion";
  r.picture = w.p;
  r.weakened = "mail.publish";
  const explanation e = explain("mail", r, table_of(mail_source), {{"x.hpp", mail_source}});
  EXPECT_EQ(e.shown.incoherent, (std::vector{letter, old}));
  EXPECT_CONTAINS(e.remedy, "This execution would not exist: ");
  EXPECT_CONTAINS(e.remedy, "which reads an older value of atomic 1.");
  EXPECT_CONTAINS(dot_text(e.shown), "<td>not coherent</td>");
}

TEST(Explanation, OfALoopWithoutABoundHasItsBeginning) {
  struct counter {
    model::atomic<int> n{0};
  };
  model::explore_options how;
  how.smallest = 1'000'000;
  const auto r = explored<counter>(how, [](counter& c) {
    while (c.n.load() == 0) {
    }
  });
  EXPECT_EQ(r.failure, "livelock");
  EXPECT_FALSE(r.is_smallest);
  const explanation e = explain("a loop", as_result(r), {}, {});
  EXPECT_LT(e.shown.picture.events.size(), 200U);
  EXPECT_CONTAINS(dot_text(e.shown), "fails: goes on for ");
}

TEST(Explanation, TellsTheStory) {
  const explanation e = explain("mail", as_result(mail(memory_order::relaxed)),
                                table_of(mail_source), {{"x.hpp", mail_source}});
  std::ostringstream text;
  print(text, e);
  EXPECT_CONTAINS(text.str(), "data race: a write to cell #1 by thread 0");
  EXPECT_CONTAINS(text.str(), "At mail.publish it writes 1 to ready_ #0 (relaxed).");
  EXPECT_CONTAINS(text.str(),
                  "At mail.see it reads ready_ #0: 1 (acquire), from mail.publish of thread 0.");
  const std::string page = html_of(e, svg_of(e.shown));
  EXPECT_CONTAINS(page, "<svg");
  EXPECT_CONTAINS(page, "<title>mail.publish: store relaxed  ready_ #0 = 1\nx.hpp:5");
}

// The command.

check::scenario mail_scenario() {
  check::scenario s =
      scenario_of("a letter is lost", [] { return as_result(mail(memory_order::relaxed)); });
  return s;
}

class ExplainCommand : public ::testing::Test {
 protected:
  ExplainCommand() {
    std::filesystem::create_directory(files_ / "runnel");
    std::ofstream(files_ / "runnel/x.hpp") << mail_source;
    std::ofstream(record()) << R"({"sites": {"mail.publish": ["mpmc", "mpsc"]}, "steps": [
      {"site": "mail.publish", "step": "release to relaxed", "in": "mpsc",
       "scenario": "a letter is lost", "failure": "data race", "executions": 1}],
      "pairs": []})";
  }
  [[nodiscard]] std::string record() const { return files_ / "orders.json"; }
  outcome explain(arguments args, const scenarios& all = {mail_scenario()}) const {
    args.insert(args.begin(), "explain");
    args.insert(args.end(), {"--include", files_ / "runnel", "--record", record()});
    return command(args, all);
  }

  scratch files_;
};

TEST_F(ExplainCommand, WritesAPictureAndAPage) {
  const std::string to = files_ / "out";
  const outcome o = explain({"a letter is lost", "--output", to});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_CONTAINS(o.out, "data race: a write to cell #1 by thread 0");
  EXPECT_TRUE(read_file(to + "/a_letter_is_lost.svg").starts_with("<svg"));
  const std::string page = read_file(to + "/a_letter_is_lost.html");
  EXPECT_CONTAINS(page, "<h1>a letter is lost</h1>");
  EXPECT_CONTAINS(page, "</svg>");
  EXPECT_CONTAINS(page, "missing: sw");
}

TEST_F(ExplainCommand, OfAStepTakesTheScenarioOfTheRecord) {
  for (const arguments& args :
       {arguments{"mail.publish"}, arguments{"mail.publish", "--to", "relaxed"},
        arguments{"mail.publish:relaxed:mpsc"},
        arguments{"mail.publish", "--in", "mpmc", "--scenario", "a letter"}}) {
    const outcome o = explain(args);
    EXPECT_EQ(o.status, 0) << o.out << o.err;
    EXPECT_CONTAINS(o.out, "mail.publish, release to relaxed, in mp");
    EXPECT_CONTAINS(o.out, "in the scenario \"a letter is lost\"");
  }
  const outcome o = explain({"mail.publish:relaxed:mpmc"});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "no scenario is known to fail");
}

TEST_F(ExplainCommand, WithoutAFailureThereIsNothingToExplain) {
  EXPECT_EQ(explain({"a good one"}, {good()}).status, 1);
  EXPECT_CONTAINS(explain({"a good one"}, {good()}).out, "does not fail: 17 executions");
  const auto cut = scenario_of("endless", [] {
    check::result r = passing();
    r.verdict = check::verdict::incomplete;
    return r;
  });
  const outcome o = explain({"endless"}, {cut});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "a limit ended the search");
  EXPECT_CONTAINS(explain({"a bad one"}, {bad()}).out,
                  "there is no picture of this failure: data race");
}

TEST_F(ExplainCommand, RefusesWrongUse) {
  EXPECT_EQ(explain({}).status, 2);
  EXPECT_EQ(explain({"nothing at all"}).status, 2);
  EXPECT_EQ(explain({"a"}, {good(), bad()}).status, 2);
  EXPECT_EQ(explain({"a letter is lost", "--to", "relaxed"}).status, 2);
  EXPECT_EQ(explain({"mail.publish", "--to", "acquire"}).status, 2);
  EXPECT_EQ(explain({"mail.publish", "--in", "spsc"}).status, 2);
  EXPECT_EQ(explain({"mail.publish", "--limit", "0"}).status, 2);
}

TEST_F(ExplainCommand, SaysIfDotIsMissing) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", (files_ / "").c_str(), 1);
  const outcome o = explain({"a letter is lost", "--output", files_ / "out"});
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(
      o.err, "the program dot of Graphviz draws the pictures, and cannot be run: No such file");
  EXPECT_LACKS(o.out, "written:");
  EXPECT_FALSE(std::filesystem::exists(files_ / "out/a_letter_is_lost.svg"));
}

}  // namespace
}  // namespace runnel::cli::testing
