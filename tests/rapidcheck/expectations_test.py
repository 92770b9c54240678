#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No property of RapidCheck's has one of GoogleTest's expectations in it.

What EXPECT_ and ASSERT_ report is a failure of the test, not of the property: rc::check passes, shrinks
nothing and says no seed (RapidCheck of 2023 with GoogleTest 1.12), and a test that the property can fail
would say that it cannot. Properties use RC_ASSERT and RC_FAIL. Only what stands in the property itself
is seen, not the functions that it calls.
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = ("property_tests", "spec", "model_tests", "src", "tests")
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
PROPERTY = re.compile(r"\brc::check\s*(?=\()|\bRC_GTEST_(?:FIXTURE_)?PROP\s*\([^{]*(?=\{)")
EXPECTATION = re.compile(r"\b(?:(?:EXPECT|ASSERT)_[A-Z_]+|FAIL|ADD_FAILURE(?:_AT)?)\s*\(")


def extent(code, start):
    """The text from a bracket to the one that closes it."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] in "({") - (code[at] in ")}")
        if depth == 0:
            return code[start:at]
    return code[start:]


def properties(code):
    """Yields the first line of each property and its text."""
    code = NOT_CODE.sub(lambda text: "\n" * text.group().count("\n"), code)
    for found in PROPERTY.finditer(code):
        yield code.count("\n", 0, found.start()) + 1, extent(code, found.end())


def with_expectations(code):
    """The lines of properties that have an expectation in them."""
    return [line for line, text in properties(code) if EXPECTATION.search(text)]


class Expectations(unittest.TestCase):
    def test_one_is_found(self):
        for inside in ("EXPECT_EQ(x, 1);", "ASSERT_TRUE(x);", "FAIL() << x;",
                       "if (x) { ADD_FAILURE(); }"):
            with self.subTest(inside):
                code = "\n  EXPECT_TRUE(rc::check([](int x) { (void)x; %s }));\n" % inside
                self.assertEqual(with_expectations(code), [2])
                code = "RC_GTEST_PROP(A, b, (int x)) { %s }" % inside
                self.assertEqual(with_expectations(code), [1])

    def test_others_are_not(self):
        for code in ("EXPECT_TRUE(rc::check([](int x) { RC_ASSERT(x == x); RC_FAIL(\"\"); }));",
                     "rc::check([] { /* EXPECT_EQ( */ f(\"EXPECT_EQ(\"); });  // EXPECT_EQ(",
                     "rc::check([] { f(); });\nEXPECT_EQ(1, 1);"):
            with self.subTest(code):
                self.assertEqual(with_expectations(code), [])

    def test_ours_have_none(self):
        searched, wrong = 0, []
        for folder in FOLDERS:
            for path in sorted((ROOT / folder).rglob("*.[ch]pp")):
                code = path.read_text(encoding="utf-8")
                searched += len(list(properties(code)))
                wrong += [f"{path.relative_to(ROOT)}:{line}" for line in with_expectations(code)]
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(searched, 6)


if __name__ == "__main__":
    sys.exit(unittest.main())
