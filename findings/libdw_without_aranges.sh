#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# elfutils 0.188 finds no unit of what Clang 19 has compiled by the address of its code.
#
# dwfl_addrdie looks in .debug_aranges alone. Clang has not written that section for years, unless it is asked to with
# -gdwarf-aranges; the ranges stand in the units themselves, where dwarf_haspc finds them. So a program that looks up
# its own lines as the manual has it works with GCC, and says nothing with Clang. What helps without another option of
# the compiler: ask each unit (dwfl_module_nextcu, dwarf_haspc).
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 1:19.1.7-3~deb12u1
need libdw-dev 0.188-2.1

cat >units.cpp <<'CODE'
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <cstdint>
#include <cstdio>
#include <unistd.h>

int main() {
  static char* path = nullptr;
  static Dwfl_Callbacks callbacks = {};
  callbacks.find_elf = dwfl_linux_proc_find_elf;
  callbacks.find_debuginfo = dwfl_standard_find_debuginfo;
  callbacks.debuginfo_path = &path;
  Dwfl* const dwfl = dwfl_begin(&callbacks);
  dwfl_linux_proc_report(dwfl, getpid());
  dwfl_report_end(dwfl, nullptr, nullptr);
  const auto here = reinterpret_cast<std::uintptr_t>(&main);
  Dwarf_Addr bias = 0;
  const bool by_address = dwfl_addrdie(dwfl, here, &bias) != nullptr;
  Dwfl_Module* const module = dwfl_addrmodule(dwfl, here);
  bool by_asking = false;
  for (Dwarf_Die* unit = nullptr; (unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr;)
    by_asking = by_asking || dwarf_haspc(unit, here - bias) == 1;
  std::printf("by its address: %s, by asking each unit: %s\n", by_address ? "found" : "nothing",
              by_asking ? "found" : "nothing");
}
CODE

# With a compiler and its options.
found_with() {
  "$@" -std=c++17 -g units.cpp -o units -ldw
  ./units
}

expect "g++-12" "by its address: found, by asking each unit: found" "$(found_with g++-12)"
expect "clang++-19" "by its address: nothing, by asking each unit: found" "$(found_with clang++-19)"
expect "clang++-19 -gdwarf-aranges" "by its address: found, by asking each unit: found" "$(found_with clang++-19 -gdwarf-aranges)"
