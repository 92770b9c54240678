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

DARK = "@media (prefers-color-scheme: dark) { body { color: white } }"
PAGE = ('<!DOCTYPE html>\n<html lang="en"><head><title>{title}</title><style>{dark}</style></head>'
        "<body>{body}{contents}</body></html>\n")
# The list of all pages in one of them, and the way to the other.
CONTENTS = {
    "index.html": '<a rel="next" href="sites/a.load.html">next</a><ul id="contents"><li><a aria-current="page" '
                  'href="index.html">index</a></li><li><a href="sites/a.load.html">a.load</a></li></ul>',
    "sites/a.load.html": '<a rel="prev" href="../index.html">before</a><ul id="contents"><li><a href="../index.html">'
                         'index</a></li><li><a aria-current="page" href="a.load.html">a.load</a></li></ul>',
}
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg"><style>
@media (prefers-color-scheme: dark) { [fill="white"] { fill: black; } }</style><g class="graph">
<polygon fill="white" points="0,0 0,-100 100,-100 100,0"/>
<g class="node"><path fill="none" d="M0,0C0,-20 30,-20 30,0"/><text>box</text></g>
<g class="label"><polygon fill="white" points="40,0 40,-10 60,-10 60,0"/><text>rf</text></g>
<g class="label"><polygon fill="white" points="40,-11 40,-20 60,-20 60,-11"/><text>sw</text></g></g></svg>"""
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
        self.index()
        self.site('<a href="../index.html">back</a>')

    def write(self, name, body, title=None, contents=None, dark=DARK):
        contents = CONTENTS.get(name, "") if contents is None else contents
        text = PAGE.format(body=body, title=name if title is None else title, contents=contents, dark=dark)
        (self.book / name).write_text(text)

    def index(self, **more):
        self.write("index.html", '<a href="sites/a.load.html#here">a.load</a>', **more)

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
        (self.book / "sites/a.svg").write_text(PICTURE)
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
        (self.book / "sites/a.svg").write_text(PICTURE)
        self.expect_error("sites/a.svg: cannot be reached from index.html")

    def test_each_page_has_a_title_of_its_own(self):
        self.index(title="")
        self.expect_error("index.html: has no title")
        self.index(title="sites/a.load.html")
        self.expect_error("sites/a.load.html: has the title of index.html")

    def test_the_way_visits_each_page_once(self):
        contents = CONTENTS["index.html"]
        self.index(contents=contents.replace('rel="next"', ""))
        self.expect_error("sites/a.load.html: is not on the way through the book")
        self.index(contents=contents.replace('rel="next" href="sites/a.load', 'rel="next" href="index'))
        result = self.judge()
        self.assertIn("index.html: is followed by index.html, which came before", result.stdout)
        self.index(contents=contents + '<a rel="next" href="index.html">next</a>')
        self.expect_error("index.html: has more than one next page")

    def test_the_way_leads_back(self):
        contents = CONTENTS["sites/a.load.html"]
        elsewhere = contents.replace('rel="prev" href="../index', 'rel="prev" href="a.load')
        for wrong in contents.replace('rel="prev"', ""), elsewhere:
            self.write("sites/a.load.html", f'<h1 id="here">a.load</h1>{PAIR}{SECTION}', contents=wrong)
            self.expect_error("sites/a.load.html: does not lead back to index.html")

    def test_each_page_has_the_list(self):
        contents = CONTENTS["index.html"]
        self.index(contents=contents.replace('id="contents"', ""))
        self.expect_error("index.html: does not list index.html, and 1 others")
        self.index(contents=contents.replace("<li>", "", 1).replace("</li>", "", 1).replace('href="index.html"', ""))
        self.expect_error("index.html: does not list index.html, and 0 others")
        self.index(contents=contents.replace('aria-current="page"', ""))
        self.expect_error("index.html: does not say in the list which page this is")

    def test_there_are_colours_for_the_dark(self):
        self.index(dark="")
        self.expect_error("index.html: has no colours for the dark")

    def test_pictures_are_judged(self):
        (self.book / "sites/a.svg").write_text(PICTURE)
        self.site('<img src="a.svg" alt="a picture"/>')
        self.assertEqual(self.judge().stdout, "0 errors\n")
        for wrong, error in (
            (PICTURE.replace("-11", "-8"), 'the label "rf" lies on the label "sw"'),
            (PICTURE.replace("40,", "20,", 2).replace("-11", "-10"), 'the label "rf" lies on the box "box"'),
            (PICTURE.replace("60,-20 60,-11", "160,-20 160,-11"), 'the label "sw" lies outside'),
            (PICTURE.replace('fill="none"', 'fill="red"'), "the fill red is the same in the dark"),
            (PICTURE.replace("(prefers-color-scheme: dark)", "print"), "there are no colours for the dark"),
            (PICTURE.replace('class="graph"', ""), "is no picture of Graphviz"),
        ):
            (self.book / "sites/a.svg").write_text(wrong)
            self.expect_error(f"sites/a.svg: {error}")

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
