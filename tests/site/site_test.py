#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the scripts of ci/site refuse what they should."""

import base64
import importlib.util
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "ci" / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


api_pages, site_check, litmus_links = load("api_pages"), load("site_check"), load("litmus_links")
stage, litmus_page = load("stage"), load("litmus_page")


class Links(unittest.TestCase):
    def judged(self, **pages):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in pages.items():
                (root / f"{name}.html").write_text(text)
            return site_check.judge(root)[0]

    def test_sound(self):
        self.assertEqual(self.judged(index='<a href="other.html#here">', other='<p id="here"><a href="#here">'), [])

    def test_no_file(self):
        self.assertIn("no such file", self.judged(index='<a href="none.html">')[0])

    def test_no_anchor(self):
        self.assertIn("no such anchor", self.judged(index='<a href="#none">')[0])
        found = self.judged(index='<a href="other.html#none">', other="")
        self.assertIn("no such anchor", found[0])

    def test_anchor_that_is_there_twice(self):
        self.assertIn("twice", self.judged(index='<p id="here"><p id="here">')[0])

    def test_no_picture(self):
        self.assertIn("no such file", self.judged(index='<img src="none.svg">')[0])

    def test_loaded_from_elsewhere(self):
        for text in ('<script src="https://example.org/x.js">', '<link href="//example.org/x.css">'):
            self.assertIn("loads", self.judged(index=text)[0])
        self.assertEqual(self.judged(index='<a href="https://example.org">'), [])

    def test_page_that_nobody_refers_to(self):
        self.assertIn("cannot be reached", self.judged(index="", other="")[0])

    def test_no_index(self):
        self.assertEqual(self.judged(other=""), ["there is no index.html"])


class Stages(unittest.TestCase):
    def staged(self, line, source="docs/select.md", repository=""):
        with tempfile.TemporaryDirectory() as directory:
            found = stage.Stage(pathlib.Path(directory), repository)
            return found.line(line, source), found.errors

    def test_pages(self):
        for source, link, page in (("docs/select.md", "semantics.md#memory", "semantics.md#memory"),
                                   ("README.md", "docs/select.md", "select.md"),
                                   ("docs/speed.md", "../bench/README.md#figures", "bench.md#figures"),
                                   ("docs/speed.md", "../bench", "bench.md")):  # fmt: skip
            self.assertEqual(self.staged(f"a [b]({link}) c", source), (f"a [b]({page}) c", []))

    def test_files_of_the_repository(self):
        self.assertEqual(self.staged("[b](../LICENSE) c"), ("b c", []))
        at = "https://example.org/blob/v1"
        self.assertEqual(self.staged("[b](../LICENSE)", repository=at), (f"[b]({at}/LICENSE)", []))

    def test_pictures(self):
        text, errors = self.staged('<img src="docs/pictures/speed.svg" width="9">', "README.md")
        self.assertEqual((text, errors), ('<img src="pictures/speed.svg" width="9">', []))

    def test_what_there_is_not(self):
        for link in ("none.md", "../none.hpp", "../../outside"):
            self.assertIn(f"there is no {link}", self.staged(f"[b]({link})")[1][0])

    def test_code_stays(self):
        with tempfile.TemporaryDirectory() as directory:
            found = stage.Stage(pathlib.Path(directory), "")
            found.page("docs/using.md", "page.md")
            self.assertIn("[&](auto)", (pathlib.Path(directory) / "page.md").read_text())
            self.assertEqual(found.errors, [])


def program_in(link):
    """The program that a link has behind its #."""
    encoded = link.partition("program=")[2]
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()


class Litmus(unittest.TestCase):
    KERNEL = "C k\n\nP0 (atomic_int* x) {\n  atomic_store_explicit(x, 1, memory_order_release);  // a.put, b.put\n}\n"

    def test_files_of_tests_are_programs(self):
        with tempfile.TemporaryDirectory() as directory:
            found = stage.Stage(pathlib.Path(directory), "")
            link = found.target_of("../src/litmus/page/examples/MP.litmus", "docs/litmus.md")
        self.assertTrue(link.startswith("litmus/index.html#model=rc11&program="), link)
        self.assertTrue(program_in(link).startswith("C MP\n\n{ x = 0; y = 0; }\n"), program_in(link))

    def test_blocks_of_tests_have_a_link(self):
        with tempfile.TemporaryDirectory() as directory:
            found = stage.Stage(pathlib.Path(directory), "")
            found.page("docs/litmus.md", "page.md")
            text = (pathlib.Path(directory) / "page.md").read_text()
        links = [line for line in text.splitlines() if line.startswith("[Open it in the browser](")]
        self.assertEqual(len(links), 1)
        program = program_in(links[0].rstrip(")"))
        self.assertIn(f"```c\n{program}```\n", text)
        self.assertTrue(program.startswith("C MP\n"), program)

    def test_programs_are_no_anchors(self):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            (root / "index.html").write_text('<a href="x.html#model=rc11&amp;program=AA"><a href="x.html#none">')
            (root / "x.html").write_text("")
            errors = site_check.judge(root)[0]
        self.assertEqual(len(errors), 1)
        self.assertIn("#none", errors[0])

    def test_weaker_kernels(self):
        for site in ("a.put", "b.put"):
            weaker = litmus_links.weakened(self.KERNEL, site, "release to relaxed")
            self.assertEqual(weaker, self.KERNEL.replace("release", "relaxed"))
        self.assertIsNone(litmus_links.weakened(self.KERNEL, "a.put", "acquire to relaxed"))
        self.assertIsNone(litmus_links.weakened(self.KERNEL, "put", "release to relaxed"))

    def test_counterexamples_have_links(self):
        def section(step, failure):
            return (
                f'<section class="step" id="s" data-step="{step}" data-in="mpsc">\n<h3>{step}</h3>\n'
                f"<p{failure}>x</p>\n</section>\n"
            )

        failing = section("release to relaxed", ' class="failure"')
        page = failing + section("release to relaxed", "") + section("acquire to relaxed", ' class="failure"')
        text, count = litmus_links.with_links(page, "a.put", {"a.put": self.KERNEL})
        self.assertEqual((count, text.count("data-verdict")), (1, 1))
        self.assertLess(text.index("data-verdict"), text.index("</section>"))

    def test_each_kernel_is_one_of_the_record(self):
        record = (ROOT / "model_tests/orders.json").read_text()
        for site, kernel in litmus_links.kernels().items():
            self.assertIn(f'"site": "{site}"', record)
            steps = ("release to relaxed", "acquire to relaxed", "seq_cst to acq_rel", "seq_cst to acquire",
                     "seq_cst to release", "acq_rel to acquire")  # fmt: skip
            self.assertTrue(any(litmus_links.weakened(kernel, site, step) for step in steps), site)

    def test_examples(self):
        names = [program["name"] for group in litmus_page.examples() for program in group["programs"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("MP", names)


def entry(name, text="", kind="function", **more):
    fields = {"file": "x.hpp", "line": 1, "signature": "void f()", "values": [], "members": [], **more}
    return api_pages.Entry(name, kind, text=text, **fields)


class Comments(unittest.TestCase):
    def missing(self, *entries, **more):
        return api_pages.undocumented(list(entries), **more)

    def test_names(self):
        self.assertIn("runnel::f has no comment", self.missing(entry("runnel::f"))[0])
        self.assertEqual(self.missing(entry("runnel::f", "Does it.")), [])

    def test_overloads_share_one(self):
        self.assertEqual(self.missing(entry("runnel::f", "Does it."), entry("runnel::f")), [])

    def test_members(self):
        members = [entry("runnel::c::f"), entry("runnel::c::c"), entry("runnel::c::operator=")]
        found = self.missing(entry("runnel::c", "A class.", members=members))
        self.assertEqual(len(found), 1)
        self.assertIn("runnel::c::f", found[0])
        self.assertEqual(self.missing(entry("runnel::c", "In place of std::c.", members=members)), [])

    def test_values(self):
        values = [("one", "said"), ("two", "")]
        self.assertIn("runnel::e::two", self.missing(entry("runnel::e", "An enum.", values=values))[0])

    def test_signatures(self):
        text = api_pages.signature_of("runnel/timer.hpp", self.line_of("timer.hpp", "timer tick("), "tick")
        self.assertTrue(text.startswith("template <class Rep, class Period>\n"), text)
        self.assertTrue(text.endswith("period)"), text)

    def test_signature_after_a_member_with_a_comment(self):
        line = self.line_of("errors.hpp", "  T value;")
        self.assertEqual(api_pages.signature_of("runnel/errors.hpp", line, "value"), "T value")

    def test_anchors_differ(self):
        names = [f"runnel::c::operator{op}" for op in ("=", "==", "<<", "++", "--", "+=", "->", " T")]
        names += ["runnel::c", "runnel::c::c", "runnel::c::~c", "runnel::c::T", "runnel::c::operator_"]
        self.assertEqual(len({api_pages.anchor(name) for name in names}), len(names))

    def test_a_line_without_the_name(self):
        with self.assertRaises(api_pages.Broken):
            api_pages.signature_of("runnel/timer.hpp", self.line_of("timer.hpp", "timer tick("), "tock")

    @staticmethod
    def line_of(header, text):
        lines = (ROOT / "include/runnel" / header).read_text().splitlines()
        return next(i for i, line in enumerate(lines, start=1) if text in line)


if __name__ == "__main__":
    sys.exit(unittest.main())
