// SPDX-License-Identifier: MIT
//
// The files that `runnel check` writes.
#include "command.hpp"
#include "terminal/output_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace runnel::cli::testing {
namespace {

/// Checks that XML is well-formed, as far as our files go: elements nest, and every character is
/// allowed where it stands. Returns what is wrong.
std::string xml_mistake(const std::string& xml) {
  std::vector<std::string> open;
  std::size_t at = xml.find("?>") + 2;
  for (; at < xml.size(); ++at) {
    const char c = xml[at];
    if (static_cast<unsigned char>(c) < 0x20U && c != '\n') return "control character";
    if (c == '&' && xml.find(';', at) > at + 6) return "bare ampersand";
    if (c == '>') return "bare >";
    if (c != '<') continue;
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return "tag without end";
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return "< in " + tag;
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "quotes in " + tag;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag[0] == '/') {
      if (open.empty() || "/" + open.back() != tag) return "unexpected " + tag;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
    at = end;
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

const std::string awkward = "a<b> & \"c\"\x01\x1b[31m\n\xff\xc3\xa9";

scenarios of_all_kinds() {
  return {good("good <&\">"),
          scenario_of("bad \x02",
                      [] {
                        check::result r = failing();
                        r.message = awkward;
                        r.history = awkward;
                        return r;
                      }),
          scenario_of("incomplete", [] {
            check::result r = passing();
            r.verdict = check::verdict::incomplete;
            r.message = "the limit";
            return r;
          })};
}

TEST(Json, FollowsItsSchema) {
  const scratch files;
  EXPECT_EQ(command({"check", "--json", files / "json"}, {bad("a bad one"), good("fine")}).status,
            1);
  const auto json = nlohmann::json::parse(read_file(files / "json"));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["signal"], 0);
  EXPECT_EQ(json["summary"],
            nlohmann::json::parse(R"({"selected":2,"passed":1,"failed":1,"incomplete":0,
                                      "not run":0,"executions":34})"));
  nlohmann::json s = json["scenarios"][0];
  EXPECT_GE(s["seconds"].get<double>(), 0);
  s.erase("seconds");
  EXPECT_EQ(s, nlohmann::json::parse(R"({
    "name": "a bad one", "file": "model_tests/scenarios/made_up.cpp", "engine": "explorer",
    "search": {"kind": "bounded", "bound": 3, "executions": 0, "seed": 1, "faults": 0,
               "failed_allocations": 0, "reductions": []},
    "judged_by": "oracle", "expected_failure": "", "executions": 17, "details": "", "verdict": "failed", "failure": "data race",
    "message": "two threads write one cell",
    "history": "thread 0 claims\nthread 1 claims\nthread 1 writes", "replay": "full:0012",
    "sites": [], "observations": []})"));
  EXPECT_EQ(json["scenarios"][1]["verdict"], "passed");
  EXPECT_EQ(files.content(), std::vector<std::string>{"json"}) << "no temporary file is left";
}

TEST(Json, HasWhatWasObserved) {
  const scratch files;
  const auto observing = [](std::string name, std::string expected) {
    return scenario_of(
        std::move(name),
        [](const check::options& options) {
          check::result r = passing();
          r.sites = {"cell.publish", "cell.see"};
          if (options.observes) r.observations = {{{"cell.publish", "cell.see"}, 5, 1}};
          return r;
        },
        std::move(expected));
  };
  command({"check", "--json", files / "json"},
          {observing("a", ""), observing("broken", "data race")});
  const auto json = nlohmann::json::parse(read_file(files / "json"));
  EXPECT_EQ(json["scenarios"][0]["sites"], (arguments{"cell.publish", "cell.see"}));
  EXPECT_EQ(json["scenarios"][0]["observations"], nlohmann::json::parse(R"([
    {"release": "cell.publish", "acquire": "cell.see", "executions": 5, "continued": 1}])"));
  EXPECT_EQ(json["scenarios"][1]["observations"], nlohmann::json::array());
}

TEST(Json, SurvivesBytesThatAreNoText) {
  const scratch files;
  command({"check", "--json", files / "json"}, of_all_kinds());
  const auto json = nlohmann::json::parse(read_file(files / "json"));
  EXPECT_EQ(json["scenarios"][0]["message"], "a<b> & \"c\"\x01\x1b[31m\n\xEF\xBF\xBD\xc3\xa9");
}

TEST(Junit, IsWellFormed) {
  const scratch files;
  command({"check", "--junit", files / "xml"}, of_all_kinds());
  const std::string xml = read_file(files / "xml");
  EXPECT_EQ(xml_mistake(xml), "");
  EXPECT_CONTAINS(xml, "tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\"");
  EXPECT_CONTAINS(xml, "name=\"good &lt;&amp;&quot;&gt; (explorer, bounded 3)\"");
  EXPECT_CONTAINS(xml, "<failure type=\"data race\" message=\"a&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_CONTAINS(xml, "<error type=\"incomplete\" message=\"the limit\">");
}

TEST(OutputFile, IsReplacedOnlyWhenItIsComplete) {
  const scratch files;
  std::ofstream(files / "kept") << "old";
  {
    output_file dropped(files / "kept");
    dropped.stream() << "half";
  }
  EXPECT_EQ(read_file(files / "kept"), "old");
  output_file complete(files / "kept");
  complete.stream() << "new";
  complete.commit();
  EXPECT_EQ(read_file(files / "kept"), "new");
  EXPECT_EQ(files.content(), std::vector<std::string>{"kept"});
}

TEST(OutputFile, FollowsASymbolicLink) {
  const scratch files;
  std::ofstream(files / "target") << "old";
  std::filesystem::create_symlink(files / "target", files / "link");
  EXPECT_EQ(command({"check", "--json", files / "link"}, {good()}).status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(files / "link"));
  EXPECT_CONTAINS(read_file(files / "target"), "\"schema\": 1");
}

#ifdef __linux__
TEST(OutputFile, AnErrorWhileWritingIsReported) {
  const outcome o = command({"check", "--json", "/dev/full"}, {good()});
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "cannot write /dev/full");
  EXPECT_EQ(command({"check", "--json", "/dev/full"}, {bad()}).status, 1) << "the failure wins";
}

TEST(OutputFile, TheStandardOutputIsInThePlaceOfTheText) {
  for (const arguments& args : {arguments{"check", "--json"}, {"check", "--json", "-"}}) {
    const outcome o = command(args, {bad()});
    EXPECT_EQ(o.status, 1);
    EXPECT_EQ(nlohmann::json::parse(o.out)["summary"]["failed"], 1);
  }
}

TEST(OutputFile, TheStandardOutputIsOneToo) {
  const outcome o = command({"check", "--json", "/dev/stdout"}, {good()});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "\"schema\": 1");
  EXPECT_CONTAINS(o.out, "1 passed, 0 failed");
}
#endif

}  // namespace
}  // namespace runnel::cli::testing
