#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that snippets.py reports what it should."""

import os
import sys
import unittest

import snippets

GOOD = """
```cpp
#include <runnel/mpsc.hpp>
int main() { auto [tx, rx] = runnel::mpsc::channel<int>(); return tx.send(1) ? 0 : 1; }
```
```cpp fragment
auto [tx, rx] = runnel::mpmc::sync_channel<std::string>(1);
```
```sh
not C++ at all
```
"""


class Snippets(unittest.TestCase):
    def failures(self, markdown):
        compiler = [os.environ["CXX"], "-I", os.environ["RUNNEL_INCLUDE"]]
        return snippets.failures(markdown, compiler, "test")

    def test_blocks_that_compile(self):
        self.assertEqual(self.failures(GOOD), ([], 2))

    def test_broken_program(self):
        self.assertEqual(self.failures("\n```cpp\nint main() { return none; }\n```\n"), ([2], 1))

    def test_program_that_does_not_link(self):
        self.assertEqual(self.failures("```cpp\nint f() { return 0; }\n```\n"), ([1], 1))

    def test_broken_fragment(self):
        self.assertEqual(self.failures(GOOD + "```cpp fragment\nrunnel::none();\n```\n"), ([12], 3))

    def test_result_of_a_send_ignored(self):
        code = "auto [tx, rx] = runnel::mpsc::channel<int>();\ntx.send(1);\n"
        self.assertEqual(self.failures("```cpp fragment\n" + code + "```\n"), ([1], 1))

    def test_blocks_of_a_library_that_is_not_there(self):
        code = "".join(f"```cpp\n#include <{header}>\nint main() {{}}\n```\n"
                       for header in ("none/post.hpp", "runnel/none.hpp", "none.hpp", "nonesuch/post.hpp"))
        compiler = [os.environ["CXX"], "-I", os.environ["RUNNEL_INCLUDE"]]
        self.assertEqual(snippets.failures(GOOD + code, compiler, "test", without=["none"]), ([24], 3))
        self.assertEqual(snippets.failures(GOOD + code, compiler, "test"), ([12, 16, 20, 24], 6))

    def test_malformed_blocks(self):
        for markdown in ("```cpp fragmnt\n```\n", "```c++\n```\n", "```cpp\nint main() {}\n"):
            with self.subTest(markdown), self.assertRaises(snippets.Malformed):
                self.failures(markdown)


if __name__ == "__main__":
    sys.exit(unittest.main())
