#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of ci/book_check.py: a sound book passes, and each thing that may be wrong is rejected."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).parents[2] / "ci" / "book_check.py"

PAGE = '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body>{}</body></html>\n'
SECTION = ('<section data-step="acquire to relaxed" data-in="mpsc mpmc">'
           '<span class="verdict killed">data race</span></section>')
PAIR = ('<div data-release="a.load" data-acquire="a.load" data-in="mpsc">'
        '<span class="verdict killed">leak</span></div>')
RECORD = {
    "sites": {"a.load": ["mpmc", "mpsc"]},
    "steps": [{"site": "a.load", "step": "acquire to relaxed", "in": kind}
              for kind in ("mpmc", "mpsc")],
    "pairs": [{"release": "a.load", "acquire": "a.load", "in": "mpsc"}],
}


class BookCheck(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.book = pathlib.Path(scratch.name) / "book"
        (self.book / "sites").mkdir(parents=True)
        self.record = pathlib.Path(scratch.name) / "record.json"
        self.record.write_text(json.dumps(RECORD))
        self.write("index.html", '<a href="sites/a.load.html#here">a.load</a>')
        self.site('<a href="../index.html">back</a>')

    def write(self, name, body):
        (self.book / name).write_text(PAGE.format(body))

    def site(self, body, section=SECTION, pair=PAIR):
        self.write("sites/a.load.html", f'<h1 id="here">a.load</h1>{pair}{section}{body}')

    def judge(self):
        return subprocess.run([sys.executable, CHECK, self.book, "--record", self.record],
                              capture_output=True, text=True, check=False)

    def expect_error(self, message):
        result = self.judge()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(message, result.stdout)
        self.assertIn("1 errors", result.stdout)

    def test_a_sound_book_passes(self):
        result = self.judge()
        self.assertEqual((result.returncode, result.stdout), (0, "0 errors\n"))

    def test_a_page_has_to_be_well_formed(self):
        self.site("<p>open")
        result = self.judge()
        self.assertEqual(result.returncode, 1)
        self.assertIn("sites/a.load.html: is not well-formed", result.stdout)

    def test_a_picture_has_to_be_well_formed(self):
        (self.book / "sites/a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g></svg>')
        self.site('<img src="a.svg" alt="a picture"/>')
        self.expect_error("sites/a.svg: is not well-formed")

    def test_a_picture_has_a_text_in_its_place(self):
        (self.book / "sites/a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        self.site('<img src="a.svg"/>')
        self.expect_error("an image without a text in its place: a.svg")

    def test_a_reference_needs_a_file(self):
        self.site('<a href="b.html">b</a>')
        self.expect_error("refers to b.html: there is no such file")

    def test_a_reference_needs_an_anchor(self):
        self.site('<a href="../index.html#there">there</a>')
        self.expect_error("refers to ../index.html#there: there is no such anchor")

    def test_an_image_needs_a_file(self):
        self.site('<img src="a.svg" alt="a picture"/>')
        self.expect_error("refers to a.svg: there is no such file")

    def test_nothing_lies_outside(self):
        for reference in ("https://example.org/", "//example.org/", "/etc/passwd", "file:///x"):
            self.site(f'<a href="{reference}">there</a>')
            self.expect_error(f"refers to {reference}, which is not in the book")
        self.site('<p>style</p><style>p { background: url(x.png) }</style>')
        self.expect_error("a style that refers to another file")

    def test_there_are_no_scripts(self):
        self.site("<script>alert()</script>")
        self.expect_error("has a script")
        self.site('<p onclick="alert()">p</p>')
        self.expect_error("has a script in the attribute onclick")

    def test_an_anchor_stands_once(self):
        self.site('<p id="here">again</p>')
        self.expect_error("has the anchor here twice")

    def test_each_file_can_be_reached(self):
        self.write("lost.html", "nobody comes here")
        self.expect_error("lost.html: cannot be reached from index.html")

    def test_no_path_of_the_machine(self):
        self.site(f"<p>{CHECK}</p>")
        result = self.judge()
        self.assertEqual(result.returncode, 1)
        self.assertIn("sites/a.load.html: names the path", result.stdout)

    def test_each_site_has_a_page(self):
        self.record.write_text(json.dumps({**RECORD, "sites": {"b.load": []}}))
        self.expect_error("there is no page of the site b.load")

    def test_each_step_has_a_section(self):
        self.site("", SECTION.replace("mpsc mpmc", "mpmc"))
        self.expect_error("a.load, acquire to relaxed in mpsc: there are 0 sections of this step")

    def test_each_step_has_a_verdict(self):
        self.site("", SECTION.replace("verdict killed", "killed"))
        result = self.judge()
        self.assertEqual(result.returncode, 1)
        self.assertIn("a.load, acquire to relaxed in mpmc: there are 0 verdicts", result.stdout)

    def test_each_pair_has_a_verdict(self):
        for pair in "", PAIR.replace("verdict", "word"), PAIR.replace("mpsc", "mpmc"):
            self.site("", pair=pair)
            self.expect_error("sites/a.load.html: there is not one verdict on a.load with a.load in mpsc")

    def test_what_is_no_book(self):
        (self.book / "index.html").unlink()
        self.expect_error("there is no index.html")
        self.record.write_text("{")
        self.assertEqual(self.judge().returncode, 2)


if __name__ == "__main__":
    unittest.main()
