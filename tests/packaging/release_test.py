#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks ci/release on a copy of the files that it changes: that a release which is prepared is accepted, and
that each thing that is forgotten is refused."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ("CHANGELOG.md", "CITATION.cff", "README.md", "include/runnel/version.hpp",
         "packaging/vcpkg/runnel/vcpkg.json")  # fmt: skip
NEXT = "97.5.3"


class Release(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.tree = pathlib.Path(directory.name)
        for name in FILES:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        self.change("CHANGELOG.md", r"## \[Unreleased\]\n", "## [Unreleased]\n\n### Added\n\n- Something.\n\n")
        self.script("ci/check", 0)
        self.script("ci/test", 0)
        self.git("init", "--quiet")
        self.commit()

    def git(self, *arguments):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", "-C", self.tree, *identity, *arguments],
                              check=True, capture_output=True, text=True).stdout  # fmt: skip

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")

    def change(self, name, pattern, by):
        path = self.tree / name
        text, count = re.subn(pattern, by, path.read_text(), count=1)
        self.assertEqual(count, 1, f"{name} has no {pattern}")
        path.write_text(text)

    def script(self, name, status):
        path = self.tree / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho ran >>$(dirname $0)/../ran\nexit {status}\n")
        path.chmod(0o755)

    def run_release(self, step, number=NEXT):
        command = [sys.executable, ROOT / "ci/release", step, number, "--root", self.tree]
        environment = {"PATH": "/usr/bin:/bin", "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "t@example.org"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    def prepared(self):
        self.assertEqual(self.run_release("prepare").returncode, 0)
        self.commit()

    def refused(self, what, step="check", number=NEXT):
        done = self.run_release(step, number)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(what, done.stderr)

    def test_prepared_and_tagged(self):
        self.prepared()
        self.assertEqual(self.run_release("check").returncode, 0)
        (self.tree / "ran").write_text("")
        self.commit()
        done = self.run_release("tag")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.tree / "ran").read_text(), "ran\nran\n")
        self.assertIn("- Something.", self.git("cat-file", "tag", f"v{NEXT}"))
        self.assertIn("### Added", self.git("cat-file", "tag", f"v{NEXT}"))
        self.assertIn("- Something.", self.run_release("notes").stdout)

    def test_not_prepared(self):
        self.refused("version.hpp has the version")
        self.refused("CHANGELOG.md has unreleased changes")
        self.refused("has no section")

    def test_prepared_twice(self):
        self.prepared()
        self.refused("already", "prepare")

    def test_nothing_new(self):
        self.prepared()
        self.refused("nothing is unreleased", "prepare", "97.5.4")

    def test_changes(self):
        self.prepared()
        (self.tree / "README.md").write_text("GIT_TAG v97.5.3)\n")
        self.refused("not committed")

    def test_forgotten_places(self):
        for name, pattern in (("packaging/vcpkg/runnel/vcpkg.json", r"97\.5\.3"), ("CITATION.cff", r"97\.5\.3"),
                              ("README.md", r"v97\.5\.3"), ("include/runnel/version.hpp", r"97")):  # fmt: skip
            with self.subTest(name):
                self.setUp()
                self.prepared()
                self.change(name, pattern, "v1" if pattern[0] == "v" else "1")
                self.commit()
                self.refused(name)

    def test_another_date(self):
        self.prepared()
        self.change("CITATION.cff", r"date-released: \S+", "date-released: 1999-01-01")
        self.commit()
        self.refused("another date")

    def test_a_tag_that_there_is(self):
        self.prepared()
        self.git("tag", f"v{NEXT}")
        self.refused("already")

    def test_tests_that_fail(self):
        self.prepared()
        self.script("ci/test", 1)
        self.commit()
        self.refused("ci/test failed", "tag")
        self.assertEqual(self.git("tag"), "")

    def test_no_version(self):
        self.assertEqual(self.run_release("check", "1.0").returncode, 2)


if __name__ == "__main__":
    sys.exit(unittest.main())
