// SPDX-License-Identifier: MIT
//
// The core as a browser has it: linked with nothing but the graph and its search, without exceptions.
#include "litmus/reader.hpp"
#include "litmus/report.hpp"
#include "litmus/search.hpp"

#include <cstdio>

int main() {
  namespace core = runnel::litmus_core;
  const core::reading r = core::read(
      "C SB\n{}\nP0 (atomic_int* x, atomic_int* y) { *x = 1; int r = *y; }\n"
      "P1 (atomic_int* x, atomic_int* y) { *y = 1; int r = *x; }\nexists (0:r=0 /\\ 1:r=0)\n",
      "");
  if (!r.program) return 1;
  const core::findings f = core::search(*r.program, {});
  std::fputs(core::report_text(*r.program, f, -1).c_str(), stdout);
  return f.positive == 0 && f.negative == 3 ? 0 : 1;
}
