#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of ci/coverage_report.py: that it counts right, and what it has to reject."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPORT = pathlib.Path(__file__).parents[2] / "ci" / "coverage_report.py"

CORE = "int f(int x) {\n  if (x > 0)\n    return 1;\n  return 2;\n}\n"


class Report(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.include = pathlib.Path(scratch.name).resolve()
        (self.include / "core").mkdir()
        (self.include / "core" / "f.hpp").write_text(CORE)
        (self.include / "g.hpp").write_text("int g();\n")

    def run_report(self, counts, exceptions="", branches=(), others=None):
        lines = []
        for header, its_counts in {"core/f.hpp": counts, **(others or {})}.items():
            lines += [f"SF:{self.include / header}"] if its_counts else []
            lines += [f"DA:{number},{count}" for number, count in its_counts.items()]
            lines += ["end_of_record"]
        (self.include / "a.lcov").write_text("\n".join(lines) + "\n")
        files = [{"filename": str(self.include / "core/f.hpp"), "branches": branches}]
        (self.include / "a.json").write_text(
            json.dumps({"data": [{"files": files if counts else []}]}))
        (self.include / "exceptions").write_text(exceptions)
        return subprocess.run(
            [sys.executable, REPORT, "--include", self.include, "--exceptions",
             self.include / "exceptions", self.include / "a.lcov", self.include / "a.json"],
            capture_output=True, text=True, check=False)

    def test_all_lines_run(self):
        done = self.run_report({2: 5, 3: 1, 4: 4}, branches=[
            [2, 7, 2, 12, 1, 0, 0, 0, 4], [2, 7, 2, 12, 3, 0, 0, 0, 4]])
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"core/f.hpp +3 of 3 +100.0 % +1 of 2 +50.0 %")

    def test_a_line_not_run_fails(self):
        done = self.run_report({2: 5, 3: 0, 4: 5})
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: core/f.hpp:3 is not run, and no exception says why: return 1;",
                      done.stdout)

    def test_an_exception_explains_it(self):
        done = self.run_report({2: 5, 3: 0, 4: 5}, "# why\ncore/f.hpp | return 1; | never positive\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("not run: core/f.hpp:3: return 1;", done.stdout)

    def test_a_stale_exception_fails(self):
        done = self.run_report({2: 5, 3: 1, 4: 5}, "core/f.hpp | return 1; | never positive\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: a stale exception: core/f.hpp | return 1;", done.stdout)

    def test_what_is_run_at_times_is_not_stale(self):
        exceptions = "core/f.hpp | return 1; | sometimes: it is a matter of timing\n"
        self.assertEqual(self.run_report({2: 5, 3: 1, 4: 5}, exceptions).returncode, 0)
        self.assertEqual(self.run_report({2: 5, 3: 0, 4: 5}, exceptions).returncode, 0)
        gone = exceptions.replace("return 1", "return 7")
        self.assertEqual(self.run_report({2: 5, 3: 1, 4: 5}, gone).returncode, 1)

    def test_outside_the_core_a_line_is_only_reported(self):
        done = self.run_report({2: 5}, others={"g.hpp": {1: 0}})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("not run: g.hpp:1: int g();", done.stdout)

    def test_nothing_measured_of_the_core_is_an_error(self):
        done = self.run_report({}, others={"g.hpp": {1: 1}})
        self.assertEqual(done.returncode, 2)
        self.assertIn("nothing of the core was run", done.stderr)

    def test_an_exception_needs_a_reason(self):
        self.assertEqual(self.run_report({2: 5}, "core/f.hpp | return 1;\n").returncode, 2)


if __name__ == "__main__":
    unittest.main()
