#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the compiler (CXX) has any warning for the headers, and whether that would be seen."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TESTS = pathlib.Path(__file__).parents[1]
INCLUDE = TESTS.parent / "include"
CXX = os.environ["CXX"]
ADAPTERS = ("runnel/asio.hpp", "runnel/execution.hpp")  # they need a library that is not of the standard
PUBLIC = sorted(str(header.relative_to(INCLUDE)) for folder in ("runnel", "runnel/model")
                for header in (INCLUDE / folder).glob("*.hpp")
                if str(header.relative_to(INCLUDE)) not in ADAPTERS)
IS_CLANG = "clang" in subprocess.run([CXX, "--version"], check=True, capture_output=True, text=True).stdout

# All that Clang has, but for what no such header can be free of.
CLANG = [
    "-Weverything",
    # These tell what an older language lacks, or does differently.
    "-Wno-c++98-compat", "-Wno-c++98-compat-pedantic", "-Wno-c++98-compat-local-type-template-args",
    "-Wno-pre-c++14-compat", "-Wno-pre-c++17-compat", "-Wno-pre-c++20-compat",
    "-Wno-pre-c++20-compat-pedantic", "-Wno-pre-c++23-compat", "-Wno-c++20-compat",
    # How much padding a class has depends on the messages, and where it is ours we want it.
    "-Wno-padded",
    # It wants a `default`, and -Wcovered-switch-default wants none, in a switch that has all cases.
    "-Wno-switch-default",
    # A virtual function outside of the header, so that there is one table: the headers are all there is.
    "-Wno-weak-vtables",
    # It wants a std::span for each pointer that has an index: the buffers are what is made here.
    "-Wno-unsafe-buffer-usage",
]
# GCC has no such option. This is all that GCC 12 has for C++, but for what tells how code is and not what
# may be wrong with it (-Wpadded, -Winline, -Waggregate-return, -Wnoexcept, -Wsuggest-attribute and so on).
GCC = [
    "-Wall", "-Wextra", "-Wpedantic", "-Wuseless-cast", "-Walloca", "-Warith-conversion",
    "-Wcast-align=strict", "-Wcast-qual", "-Wcatch-value=3", "-Wcomma-subscript", "-Wconditionally-supported",
    "-Wconversion", "-Wctor-dtor-privacy", "-Wdate-time", "-Wdeprecated-copy-dtor", "-Wdisabled-optimization",
    "-Wdouble-promotion", "-Wduplicated-branches", "-Wduplicated-cond", "-Wextra-semi", "-Wfloat-equal",
    "-Wformat=2", "-Wformat-overflow=2", "-Wformat-signedness", "-Wformat-truncation=2", "-Wimplicit-fallthrough=5",
    "-Winvalid-imported-macros", "-Winvalid-pch", "-Wlogical-op", "-Wmismatched-tags", "-Wmissing-declarations",
    "-Wmissing-include-dirs", "-Wmultichar", "-Wnon-virtual-dtor", "-Wnormalized",
    "-Wnull-dereference", "-Wold-style-cast", "-Woverloaded-virtual", "-Wpacked", "-Wplacement-new=2",
    "-Wredundant-decls", "-Wredundant-tags", "-Wshadow", "-Wshift-overflow=2", "-Wsign-conversion",
    "-Wsign-promo", "-Wstack-protector", "-Wstrict-aliasing=3", "-Wstrict-null-sentinel", "-Wstrict-overflow=2",
    "-Wstringop-overflow=4", "-Wsuggest-override", "-Wswitch-enum", "-Wsynth", "-Wtrampolines", "-Wundef",
    "-Wunused", "-Wunused-const-variable=2", "-Wunused-macros", "-Wvector-operation-performance",
    "-Wvolatile", "-Wwrite-strings", "-Wzero-as-null-pointer-constant",
]
WARNINGS = CLANG if IS_CLANG else GCC
# In a header, what stands there, and what would be warned of instead.
PLANTED = [
    ("core/counts.hpp", "return count_.fetch_sub(", "return (bool)count_.fetch_sub("),
    ("core/system_wait.hpp", "cast<__kernel_long_t>(count)", "cast<__kernel_long_t>(d.count())"),
    ("core/handles.hpp", "      case send_status::sent:", "      default:"),
    ("model/operation.hpp", "    case operation_kind::bit_xor:\n    case", "    case"),
]


def warnings(include=INCLUDE, how="-I", *, only_parse=False):
    """Compiles everything, with assertions, and says what the compiler says. Some warnings come from
    the optimizer, which is not needed where they do not."""
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work, "main.cpp")
        path.write_text("".join(f"#include <{name}>\n" for name in (*PUBLIC, "warnings/everything.cpp")),
                        encoding="utf-8")
        result = ["-fsyntax-only"] if only_parse else ["-O2", "-c", "-o", pathlib.Path(work, "main.o")]
        command = [CXX, "-std=c++23", "-UNDEBUG", "-Werror", *WARNINGS, how, include,
                   "-isystem", TESTS, path, *result]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr


class Warnings(unittest.TestCase):
    def test_there_are_none(self):
        self.assertEqual(warnings(), "")

    def test_there_are_none_where_the_headers_are_those_of_the_system(self):
        self.assertEqual(warnings(how="-isystem"), "")

    def test_what_is_planted_is_seen(self):
        for header, text, instead in PLANTED:
            with self.subTest(header=header), tempfile.TemporaryDirectory() as work:
                copy = pathlib.Path(work, "include")
                shutil.copytree(INCLUDE, copy)
                path = copy / "runnel" / header
                source = path.read_text(encoding="utf-8")
                self.assertIn(text, source)
                path.write_text(source.replace(text, instead), encoding="utf-8")
                self.assertIn(f"{header}:", warnings(copy, only_parse=True))


if __name__ == "__main__":
    unittest.main()
