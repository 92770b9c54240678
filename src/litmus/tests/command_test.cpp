// SPDX-License-Identifier: MIT
//
// The command, as a program of its own.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class LitmusCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "runnel-litmus-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  /// The exit status.
  int run(const std::string& arguments) {
    const std::string line =
        "cd '" + folder_.string() + "' && '" RUNNEL_LITMUS "' " + arguments + " > out 2> err";
    const int status = std::system(line.c_str());
    out = content(folder_ / "out");
    err = content(folder_ / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  fs::path folder_;
  std::string out;
  std::string err;
};

const char* const one_thread = "P0 (atomic_int* x) {\n  *x = 1;\n}\n";

std::string asking(const std::string& what) {
  return std::string("C t\n{}\n") + one_thread + what + '\n';
}

TEST_F(LitmusCommand, EndsAsTheTestsDo) {
  write("claim.litmus", asking("forall (x=1)"));
  write("question.litmus", asking("exists (x=0)"));
  EXPECT_EQ(run("claim.litmus question.litmus"), 0) << err;
  write("wrong.litmus", asking("forall (x=0)"));
  EXPECT_EQ(run("claim.litmus wrong.litmus"), 1);
  write("wrong.litmus", asking("~exists (x=1)"));
  EXPECT_EQ(run("wrong.litmus claim.litmus"), 1);
  write("bad.litmus", asking("exists (y=1)"));
  EXPECT_EQ(run("wrong.litmus bad.litmus claim.litmus"), 2);
  EXPECT_NE(out.find("Observation t Always 1 0"), std::string::npos) << "the others are run";
  EXPECT_EQ(err, "bad.litmus:6:9: there is no location 'y'\n  exists (y=1)\n          ^\n");
  EXPECT_EQ(run("nothing.litmus"), 2);
  EXPECT_NE(err.find("there is no file nothing.litmus"), std::string::npos);
  EXPECT_EQ(run("claim.litmus --model arm"), 2);
  EXPECT_EQ(run("claim.litmus > /dev/full; test $? = 2"), 0);
}

TEST_F(LitmusCommand, TakesARaceForAFailure) {
  write("race.litmus",
        "C race\n{}\nP0 (int* d) {\n  *d = 1;\n}\nP1 (int* d) {\n  *d = 2;\n}\nexists (d=1)\n");
  EXPECT_EQ(run("race.litmus"), 1);
  EXPECT_NE(out.find("\nUndef\n"), std::string::npos);
  EXPECT_EQ(
      err,
      "race.litmus: the behaviour is undefined: P0:4 W[plain] d=1 and P1:7 W[plain] d=2 race\n");
}

TEST_F(LitmusCommand, SaysThatASearchIsIncomplete) {
  write("two.litmus",
        "C two\n{}\nP0 (atomic_int* x) {\n  *x = 1;\n}\nP1 (atomic_int* x) {\n  *x = 2;\n}\nexists "
        "(x=1)\n");
  EXPECT_EQ(run("two.litmus --limit 1"), 1);
  EXPECT_NE(err.find("two.litmus: incomplete: the limit of executions is reached"),
            std::string::npos);
  EXPECT_EQ(run("two.litmus --limit 2"), 0) << err;
}

TEST_F(LitmusCommand, ReadsFolders) {
  write("tests/b.litmus", asking("forall (x=1)"));
  write("tests/in/a.litmus", "int main() { atomic_int x = 0; {{{ x.store(1); }}} return 0; }");
  write("tests/readme.txt", "no test");
  EXPECT_EQ(run("tests"), 0) << err;
  EXPECT_LT(out.find("Test t Required"), out.find("Test a Required"));
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(run("empty"), 2);
}

TEST_F(LitmusCommand, WritesJson) {
  write("claim.litmus", asking("forall (x=1)"));
  write("bad.litmus", "no test");
  EXPECT_EQ(run("claim.litmus bad.litmus --json --explain --model tso"), 2);
  const auto json = nlohmann::json::parse(out);
  const auto& test = json.at("tests").at(0);
  EXPECT_EQ(test.at("model"), "tso");
  EXPECT_EQ(test.at("verdict"), "Ok");
  EXPECT_EQ(test.at("positive"), 1);
  EXPECT_EQ(test.at("states"), nlohmann::json::parse(R"([{"values": {"x": 1}, "executions": 1}])"));
  EXPECT_EQ(test.at("explanation").at("candidates"), 0);
  EXPECT_EQ(json.at("refused").at(0).at("file"), "bad.litmus");
  EXPECT_EQ(run("claim.litmus --json out.json"), 0);
  EXPECT_EQ(nlohmann::json::parse(content(folder_ / "out.json")).at("tests").size(), 1U);
  EXPECT_NE(out.find("Test t Required"), std::string::npos);
}

TEST_F(LitmusCommand, DrawsWitnessesOrAll) {
  write(
      "sb.litmus",
      "C SB+\n{}\nP0 (atomic_int* x, atomic_int* y) {\n  *x = 1; int r = *y;\n}\n"
      "P1 (atomic_int* x, atomic_int* y) {\n  *y = 1; int r = *x;\n}\nexists (0:r=1 /\\ 1:r=1)\n");
  EXPECT_EQ(run("sb.litmus --picture one"), 0) << err;
  EXPECT_TRUE(fs::exists(folder_ / "one/SB+-1.svg"));
  EXPECT_FALSE(fs::exists(folder_ / "one/SB+-2.svg"));
  EXPECT_EQ(run("sb.litmus --picture all --all"), 0) << err;
  EXPECT_TRUE(fs::exists(folder_ / "all/SB+-3.svg"));
  EXPECT_NE(content(folder_ / "all/SB+-3.svg").find("</svg>"), std::string::npos);
  EXPECT_EQ(run("sb.litmus --all"), 2);
}

TEST_F(LitmusCommand, DrawsForbiddenCandidates) {
  // Updates that read from each other are a cycle, which the relations of a picture must not follow.
  write("lb.litmus",
        "C LB\n{}\nP0 (atomic_int* x, atomic_int* y) {\n  int r = *x; *y = 1;\n}\n"
        "P1 (atomic_int* x, atomic_int* y) {\n  int r = *y; *x = 1;\n}\n"
        "exists (0:r=1 /\\ 1:r=1)\n");
  write("updates.litmus",
        "C updates\n{}\nP0 (atomic_int* x) {\n  int r = atomic_exchange(x, 1);\n}\n"
        "P1 (atomic_int* x) {\n  int r = atomic_exchange(x, 2);\n}\n"
        "exists (0:r=2 /\\ 1:r=1)\n");
  EXPECT_EQ(run("lb.litmus updates.litmus --explain --picture drawn"), 0) << err;
  const std::string lb = content(folder_ / "drawn/LB-forbidden-1.svg");
  EXPECT_NE(lb.find("forbidden by"), std::string::npos);
  EXPECT_NE(lb.find("stroke=\"#c00020\""), std::string::npos) << "the cycle is not red";
  EXPECT_TRUE(fs::exists(folder_ / "drawn/updates-forbidden-1.svg"));
  EXPECT_FALSE(fs::exists(folder_ / "drawn/LB-1.svg"));
}

TEST_F(LitmusCommand, SaysHowLongALongSearchTakes) {
  std::string many = "C many\n{}\n";
  for (int t = 0; t < 10; ++t)
    many += "P" + std::to_string(t) + " (atomic_int* x) {\n  int r = *x; *x = 1; int s = *x;\n}\n";
  write("many.litmus", many + "exists (x=0)\n");
  for (const std::string model : {"rc11", "tso"}) {
    EXPECT_EQ(run("many.litmus --timeout 2.1 --model " + model), 1);
    EXPECT_EQ(err.find("many.litmus: after 2 s "), 0U) << err;
    EXPECT_NE(
        err.find("; it ends after 2.1 s (--timeout)\nmany.litmus: incomplete: the time is over; "),
        std::string::npos)
        << err;
  }
}

}  // namespace
}  // namespace runnel::cli
