#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges a book that `runnel book` wrote.

Each page and each picture is well-formed XML, refers to nothing outside of the book, has no scripts, and
names no path of the machine. Each reference leads to a file of the book and to an anchor in it, and each
file can be reached from index.html. Each page has a title of its own; the ways to the next page and back lead
from index.html through each page once; the list beside the text leads to each page, and says which one is
read. Pictures are as picture_check.py wants them, and pages have colours for the dark. With --record
(model_tests/orders.json): each site of it has a page, and each step a section there with one verdict, and so has
each pair of sites. Prints what is wrong, a line for each. Exit status: 1 if something is wrong, 2 for input that
cannot be read."""

import argparse
import json
import os
import pathlib
import re
import sys
import urllib.parse
import xml.etree.ElementTree

import picture_check

SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//|^/")
EXTERNAL_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!#|data:)")
# Two names at least; what stands before is none, nor the end of a tag.
ABSOLUTE = re.compile(r"(?<![\w.<)/-])/[\w.+-]+/[\w.+-]+")


class Page:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.errors = []
        self.anchors = set()
        self.references = []
        self.root = None
        try:
            self.root = xml.etree.ElementTree.fromstring(text)
        except xml.etree.ElementTree.ParseError as error:
            self.errors.append(f"is not well-formed: {error}")
            return
        for element in self.root.iter():
            self.read(element)

    def read(self, element):
        tag = picture_check.tag_of(element)
        if tag == "script":
            self.errors.append("has a script")
        if tag == "style" and EXTERNAL_STYLE.search(element.text or ""):
            self.errors.append("has a style that refers to another file")
        if tag == "img" and not element.get("alt"):
            self.errors.append(f"has an image without a text in its place: {element.get('src')}")
        for name, value in element.attrib.items():
            name = name.rpartition("}")[2]
            if name == "id":
                if value in self.anchors:
                    self.errors.append(f"has the anchor {value} twice")
                self.anchors.add(value)
            elif name in ("href", "src", "data"):
                self.references.append(value)
            elif name.startswith("on"):
                self.errors.append(f"has a script in the attribute {name}")


def read_book(directory):
    book = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            name = path.relative_to(directory).as_posix()
            book[name] = Page(name, path.read_text(encoding="utf-8"))
    return book


def follow(book, page):
    """The files of the book that a page refers to; what leads nowhere is an error of the page."""
    reached = set()
    for reference in page.references:
        if SCHEME.match(reference):
            page.errors.append(f"refers to {reference}, which is not in the book")
            continue
        anchor = reference.partition("#")[2]
        target = target_of(page, reference)
        if target not in book:
            page.errors.append(f"refers to {reference}: there is no such file")
            continue
        reached.add(target)
        if anchor and urllib.parse.unquote(anchor) not in book[target].anchors:
            page.errors.append(f"refers to {reference}: there is no such anchor")
    return reached


def target_of(page, reference):
    path = urllib.parse.unquote(reference.partition("#")[0])
    return os.path.normpath(os.path.join(os.path.dirname(page.path), path)) if path else page.path


def links_with(page, name, value):
    """Where those links of a page lead that have an attribute."""
    links = page.root.iter() if page.root is not None else ()
    return [target_of(page, e.get("href") or "") for e in links if e.get(name) == value]


def check_titles(pages):
    seen = {}
    for page in pages.values():
        title = page.root.findtext(".//title") if page.root is not None else ""
        if not title:
            page.errors.append("has no title")
        elif title in seen:
            page.errors.append(f"has the title of {seen[title]}")
        else:
            seen[title] = page.path


def check_way(pages):
    """From page to page, in the order in which they are to be read."""
    before, now, seen = [], "index.html", set()
    while now in pages and now not in seen:
        seen.add(now)
        page = pages[now]
        if links_with(page, "rel", "prev") != before:
            page.errors.append(f"does not lead back to {before[0] if before else 'nothing'}")
        before, following = [now], links_with(page, "rel", "next")
        if len(following) > 1:
            page.errors.append("has more than one next page")
        if following and following[0] in seen:
            page.errors.append(f"is followed by {following[0]}, which came before")
        now = following[0] if following else None
    for name in pages.keys() - seen:
        pages[name].errors.append("is not on the way through the book")


def check_lists(pages):
    """The list of all pages beside the text."""
    for page in pages.values():
        if page.root is None:
            continue
        lists = [e for e in page.root.iter() if e.get("id") == "contents"]
        listed = {target_of(page, e.get("href")) for found in lists for e in found.iter() if e.get("href")}
        missing = sorted(pages.keys() - listed)
        if missing:
            page.errors.append(f"does not list {missing[0]}, and {len(missing) - 1} others")
        here = {target_of(page, e.get("href") or "") for e in page.root.iter() if e.get("aria-current") == "page"}
        if here != {page.path}:
            page.errors.append("does not say in the list which page this is")


def check_looks(book, pages):
    for page in book.values():
        if page.path.endswith(".svg") and page.root is not None:
            page.errors += picture_check.judge(page.text)
    for page in pages.values():
        if picture_check.DARK not in page.text:
            page.errors.append("has no colours for the dark")


def check_references(book):
    reached = {"index.html"}
    waiting = ["index.html"]
    edges = {name: follow(book, page) for name, page in book.items()}
    while waiting:
        for target in edges.get(waiting.pop(), set()) - reached:
            reached.add(target)
            waiting.append(target)
    for name, page in book.items():
        if name not in reached:
            page.errors.append("cannot be reached from index.html")


def check_paths(book):
    for page in book.values():
        for path in sorted(set(ABSOLUTE.findall(page.text)) - set(page.references)):
            page.errors.append(f"names the path {path}")


def verdicts_in(section):
    return [e for e in section.iter() if "verdict" in (e.get("class") or "").split()]


def check_steps(book, record):
    """Each site and step of the record, on the page of the site."""
    errors = []
    for site in record["sites"]:
        if f"sites/{site}.html" not in book:
            errors.append(f"there is no page of the site {site}")
    for step in record["steps"]:
        page = book.get(f"sites/{step['site']}.html")
        if page is None or page.root is None:
            continue
        sections = [
            e
            for e in page.root.iter()
            if e.get("data-step") == step["step"] and step["in"] in (e.get("data-in") or "").split()
        ]
        what = f"{step['site']}, {step['step']} in {step['in']}"
        if len(sections) != 1:
            errors.append(f"{what}: there are {len(sections)} sections of this step")
        elif len(verdicts_in(sections[0])) != 1:
            errors.append(f"{what}: there are {len(verdicts_in(sections[0]))} verdicts")
    return errors


def check_pairs(book, record):
    """Each pair of the record, on the pages of both sites."""
    errors = []
    for pair in record["pairs"]:
        for site in sorted({pair["release"], pair["acquire"]}):
            page = book.get(f"sites/{site}.html")
            if page is None or page.root is None:
                continue
            rows = [
                e
                for e in page.root.iter()
                if e.get("data-release") == pair["release"]
                and e.get("data-acquire") == pair["acquire"]
                and pair["in"] in (e.get("data-in") or "").split()
            ]
            if len(rows) != 1 or len(verdicts_in(rows[0])) != 1:
                what = f"{pair['release']} with {pair['acquire']} in {pair['in']}"
                errors.append(f"sites/{site}.html: there is not one verdict on {what}")
    return errors


def judge(directory, record):
    book = read_book(directory)
    if "index.html" not in book:
        return ["there is no index.html"]
    check_references(book)
    check_paths(book)
    pages = {name: page for name, page in book.items() if name.endswith(".html")}
    check_titles(pages)
    check_way(pages)
    check_lists(pages)
    check_looks(book, pages)
    errors = [f"{page.path}: {error}" for page in book.values() for error in page.errors]
    if record:
        errors += check_steps(book, record) + check_pairs(book, record)
    return errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path, help="the book")
    parser.add_argument("--record", type=pathlib.Path, help="the steps that have to be in it")
    arguments = parser.parse_args()
    try:
        record = json.loads(arguments.record.read_text()) if arguments.record else None
        errors = judge(arguments.directory, record)
    except (OSError, ValueError) as error:
        print(f"book_check: {error}", file=sys.stderr)
        return 2
    for error in errors:
        print(error)
    print(f"{len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
