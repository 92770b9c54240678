// SPDX-License-Identifier: MIT
#include "litmus/reader.hpp"
#include "litmus/printer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace runnel::litmus_core {
namespace {

std::string error_of(const std::string& text) {
  const reading r = read(text, "test");
  return r.program ? "" : text_of(r.error, text, "t");
}

/// In the only thread of a test, which has an atomic x and plain data d.
std::string error_in_thread(const std::string& code) {
  return error_of("C t\n{}\nP0 (atomic_int* x, int* d) {\n" + code + "\n}\nexists (x=1)\n");
}

std::string in_cppmem(const std::string& thread) {
  return "int main() {\n  atomic_int x = 0; int d = 0;\n  {{{ " + thread + " }}}\n}\n";
}

TEST(LitmusReader, ReadsWhatHerdHas) {
  const reading r = read(
      "C MP+rel+acq\n\"a doc\" (* and a comment *)\nCycle=Rfe Fre\n{ x = 0; [y] = -1; int z; 1:r1 "
      "= 7 }\n"
      "P0 (atomic_int* x, volatile int* y) {\n"
      "  *y = 1; // plain\n  atomic_store_explicit(x, 1, memory_order_release); /* released */\n}\n"
      "P1 (atomic_int* x, volatile int* y) {\n"
      "  int r1; int r0 = atomic_load_explicit(x, memory_order_acquire);\n  if (r0) { r1 = *y; "
      "}\n}\n"
      "locations [z; 1:r1]\nfilter (1:r0=1)\n~exists (1:r0=1 /\\ not (1:r1=1 \\/ y=2))\n",
      "unused");
  ASSERT_TRUE(r.program) << r.error.message;
  EXPECT_EQ(text_of(*r.program),
            "C MP+rel+acq\n\n{ x = 0; y = -1; z = 0; 1:r1 = 7; }\n\n"
            "P0 (atomic_int* x, int* y) {\n"
            "  *y = 1;\n  atomic_store_explicit(x, 1, memory_order_release);\n}\n\n"
            "P1 (atomic_int* x, int* y) {\n  int r1;\n  int r0;\n"
            "  r0 = atomic_load_explicit(x, memory_order_acquire);\n"
            "  if (r0) {\n    r1 = *y;\n  }\n}\n\n"
            "locations [[z];1:r1;]\n\nfilter (1:r0=1)\n\n"
            "~exists (1:r0=1 /\\ not (1:r1=1 \\/ [y]=2))\n");
}

TEST(LitmusReader, TakesAnAtomicWithoutAnOperationAsSeqCst) {
  const reading r =
      read("C t\n{}\nP0 (atomic_int* x, int* d) { *x = 1; int r = *x; int s = *d; }\n", "");
  ASSERT_TRUE(r.program) << r.error.message;
  const std::vector<statement>& body = r.program->threads[0].body;
  EXPECT_FALSE(body[0].access.plain);
  EXPECT_EQ(body[0].access.order, std::memory_order::seq_cst);
  EXPECT_FALSE(body[1].value->access.plain);
  EXPECT_TRUE(body[2].value->access.plain);
}

TEST(LitmusReader, ReadsWhatCppMemHas) {
  const reading r = read(
      "// a comment\nint main() {\n  atomic_int x = 0; int y(2);\n"
      "  {{{ { y = 1; x.store(1, memory_order_release); }\n"
      "  ||| { r1 = x.load(std::memory_order_acquire).readsvalue(1); r2 = y; }\n"
      "  ||| cas_strong_explicit(&x, &y, 3, mo_acq_rel, mo_relaxed); r = x.fetch_add(1); }}};\n  "
      "return 0;\n}\n",
      "cppmem");
  ASSERT_TRUE(r.program) << r.error.message;
  EXPECT_EQ(text_of(*r.program),
            "C cppmem\n\n{ x = 0; y = 2; }\n\n"
            "P0 (atomic_int* x, int* y) {\n"
            "  *y = 1;\n  atomic_store_explicit(x, 1, memory_order_release);\n}\n\n"
            "P1 (atomic_int* x, int* y) {\n"
            "  int r1 = atomic_load_explicit(x, memory_order_acquire);\n"
            "  __VERIFIER_assume(r1 == 1);\n  int r2 = *y;\n}\n\n"
            "P2 (atomic_int* x, int* y) {\n"
            "  atomic_compare_exchange_strong_explicit(x, y, 3, memory_order_acq_rel, "
            "memory_order_relaxed);\n"
            "  int r = atomic_fetch_add_explicit(x, 1, memory_order_seq_cst);\n}\n\n"
            "locations [1:r1;1:r2;2:r;[x];[y];]\n\nforall (true)\n");
}

TEST(LitmusReader, PointsAtWhatIsWrong) {
  EXPECT_EQ(
      error_in_thread("  int r0 = atomic_load_explicit(x, memory_order_acquired);"),
      "t:4:36: expected an order, memory_order_relaxed, consume, acquire, release, acq_rel or "
      "seq_cst, found 'memory_order_acquired'\n"
      "    int r0 = atomic_load_explicit(x, memory_order_acquired);\n"
      "                                     ^\n");
}

struct refused {
  const char* code;
  const char* begins;
};

TEST(LitmusReader, RefusesWhatItDoesNotKnowInAThread) {
  for (const refused& r : std::initializer_list<refused>{
           {"r0 = 1;", "t:4:1: 'r0' is not declared"},
           {"x = 1;", "t:4:1: 'x' is a pointer here: *x is what it points to"},
           {"int r = x;", "t:4:9: 'x' is a pointer here"},
           {"int r = 1", "t:5:1: expected ';' at the end of the declaration, found '}'"},
           {"int r = 1; int r = 2;", "t:4:16: 'r' is declared a second time"},
           {"int r = 1; if (r) { int r = 2; }", "t:4:25: 'r' is declared a second time"},
           {"int x = 1;", "t:4:5: 'x' is a location that the thread shares"},
           {"int r = *d + *x;", "t:4:14: C does not say which of the accesses"},
           {"int r = 1 && *x;", "t:4:14: an access behind '&&' or '||' is not supported"},
           {"atomic_store_explicit(x, 1, memory_order_acquire);",
            "t:4:1: a store is relaxed, release or seq_cst"},
           {"int r = atomic_load_explicit(x, memory_order_release);",
            "t:4:9: a load is relaxed, acquire or seq_cst"},
           {"atomic_load(y);", "t:4:13: 'y' is no location that this thread shares"},
           {"atomic_load(&x);", "t:4:14: 'x' is a pointer here, without '&'"},
           {"int r = 0; atomic_compare_exchange_strong(x, r, 1);", "t:4:46: expected the address"},
           {"int r = 0; atomic_compare_exchange_strong_explicit(x, &r, 1, memory_order_acquire, "
            "memory_order_release);",
            "t:4:12: a compare-exchange that fails is relaxed"},
           {"int r = READ_ONCE(*x);", "t:4:9: 'READ_ONCE' is of the Linux kernel's memory model"},
           {"mtx_lock(x);", "t:4:1: mutexes are not supported"},
           {"unsigned r = 1;", "t:4:1: the type 'unsigned' is not supported"},
           {"int* r = x;", "t:4:6: locals that are atomics or pointers are not supported"},
           {"int r[2];", "t:4:6: arrays are not supported"},
           {"goto end;", "t:4:1: 'goto' is not supported"},
           {"int r = 0x1G;", "t:4:9: '0x1G' is no integer"},
           {"int r = 9223372036854775808;",
            "t:4:9: '9223372036854775808' is no integer of 64 bits"},
           {"foo(x);", "t:4:1: the function 'foo' is not supported"},
           {"/* no end", "t:4:1: this comment has no end"},
           {"int r = 1 ? 2 : 3;", "t:4:11: '?' is not supported"},
           {"return;", "t:4:1: 'return' is not supported"},
       })
    EXPECT_EQ(error_in_thread(r.code).substr(0, std::string(r.begins).size()), r.begins) << r.code;
}

TEST(LitmusReader, RefusesWhatItDoesNotKnowAroundThreads) {
  for (const refused& r : std::initializer_list<refused>{
           {"", "t:1:1: expected 'C' and the name"},
           {"X86 SB\n{}\n", "t:1:1: expected 'C' and the name of a test"},
           {"C\n{}\n", "t:1:2: expected the name of the test"},
           {"C t\n{ x = 1; x = 2; }\n", "t:2:10: 'x' has an initial value already"},
           {"C t\n{ x = y; }\n", "t:2:7: expected an integer, found 'y'"},
           {"C t\n{ int* x; }\n", "t:2:8: pointers are not supported"},
           {"C t\n{}\n", "t:3:1: expected a thread"},
           {"C t\n{}\nP1 (atomic_int* x) {}\n", "t:3:1: expected the thread P0, found 'P1'"},
           {"C t\n{}\nP0 (int x) {}\n", "t:3:9: a parameter is a pointer to a location"},
           {"C t\n{}\nP0 (int* x) {}\nregions: x\n", "t:4:1: expected 'locations', 'filter'"},
           {"C t\n{}\nP0 (int* x) {}\nexists (y=1)\n", "t:4:9: there is no location 'y'"},
           {"C t\n{}\nP0 (int* x) {}\nexists (0:r=1)\n", "t:4:11: thread 0 has no local 'r'"},
           {"C t\n{}\nP0 (int* x) {}\nexists (3:r=1)\n", "t:4:9: there is no thread 3"},
           {"C t\n{ 0:r=1; }\nP0 (int* x) {}\n", "t:2:3: thread 0 has no local 'r'"},
           {"C t\n{}\nP0 (int* x) {}\nexists (x=1) x\n",
            "t:4:14: expected the end after the condition"},
       })
    EXPECT_EQ(error_of(r.code).substr(0, std::string(r.begins).size()), r.begins) << r.code;
}

TEST(LitmusReader, RefusesWhatItDoesNotKnowOfCppMem) {
  EXPECT_TRUE(error_of(in_cppmem("lock(m);")).starts_with("t:3:7: mutexes are not supported"));
  EXPECT_TRUE(
      error_of(in_cppmem("x.wait(1);")).starts_with("t:3:9: the member 'wait' is not supported"));
  EXPECT_TRUE(error_of("int main() { int x; {{{ x = 1; }}} }")
                  .starts_with("t:1:19: expected '=' and the initial value"));
  EXPECT_TRUE(error_of("int main() { int x = 0; {{{ x = 1; }}} x = 2; }")
                  .starts_with("t:1:40: expected '}' after the threads"));
}

/// Nothing that is nested without end ends in a crash.
TEST(LitmusReader, RefusesWhatIsNestedTooDeeply) {
  const std::string parentheses(100'000, '(');
  EXPECT_NE(error_in_thread("int r = " + parentheses), "");
  EXPECT_NE(error_in_thread("int r = " + std::string(100'000, '~')), "");
  EXPECT_NE(error_in_thread(std::string(100'000, '{')), "");
  EXPECT_NE(error_of("C t\n{}\nP0 (int* x) {}\nexists " + parentheses), "");
  std::string ifs;
  for (int i = 0; i < 10'000; ++i) ifs += "if (1) ";
  EXPECT_NE(error_in_thread(ifs + ";"), "");
}

}  // namespace
}  // namespace runnel::litmus_core
