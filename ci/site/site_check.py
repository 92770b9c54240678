#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Follows the links of a site: each reference of a page leads to a file of the site and to an anchor in it, or,
as a link alone, to another site; nothing is loaded from elsewhere; each page can be reached from index.html.
The order book is checked by book_check.py, and 404.html by nobody: it is shown anywhere. Prints what is
wrong, a line for each. Exit status: 1 if something is wrong."""

import argparse
import html.parser
import os
import pathlib
import re
import sys
import urllib.parse

LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "object": "data", "iframe": "src"}
ELSEWHERE = re.compile(r"^(https?:)?//")
OTHER = re.compile(r"^(data|mailto|javascript):")
LEFT_OUT = ("book/", "404.html")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.anchors = set()
        self.twice = set()
        self.links = []
        self.loaded = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        for name in ("id", "name") if tag == "a" else ("id",):
            if attributes.get(name):
                if name == "id" and attributes[name] in self.anchors:
                    self.twice.add(attributes[name])
                self.anchors.add(attributes[name])
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        elif tag in LOADED and attributes.get(LOADED[tag]):
            self.loaded.append(attributes[LOADED[tag]])


def read(directory):
    return {
        name: Page(path.read_text(encoding="utf-8"))
        for path in sorted(directory.rglob("*.html"))
        if not (name := path.relative_to(directory).as_posix()).startswith(LEFT_OUT)
    }


def follow(directory, pages, name):
    """The pages that one refers to, and what is wrong with its references."""
    reached, errors = set(), []
    page = pages[name]
    for reference in (*page.links, *page.loaded):
        if OTHER.match(reference):
            continue
        if ELSEWHERE.match(reference):
            if reference in page.loaded:
                errors.append(f"{name}: loads {reference}")
            continue
        path, _, anchor = reference.partition("#")
        path = urllib.parse.unquote(path.partition("?")[0])
        target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
        if path in (".", "./"):
            target = "index.html"
        if not (directory / target).is_file():
            errors.append(f"{name}: refers to {reference}: there is no such file")
        elif target in pages:
            reached.add(target)
            # What stands behind # there is a program, which litmus_test.js runs.
            is_program = anchor.startswith("model=")
            if anchor and not is_program and urllib.parse.unquote(anchor) not in pages[target].anchors:
                errors.append(f"{name}: refers to {reference}: there is no such anchor")
    return reached, errors


def judge(directory):
    pages = read(directory)
    if "index.html" not in pages:
        return ["there is no index.html"], 0
    followed = {name: follow(directory, pages, name) for name in pages}
    errors = [error for _, found in followed.values() for error in found]
    errors += [f"{name}: has the anchor {anchor} twice" for name in pages for anchor in sorted(pages[name].twice)]
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        for target in followed[waiting.pop()][0] - reached:
            reached.add(target)
            waiting.append(target)
    errors += [f"{name}: cannot be reached from index.html" for name in pages if name not in reached]
    return errors, len(pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    errors, count = judge(parser.parse_args().directory)
    for error in errors:
        print(error)
    print(f"{count} pages, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
