#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lays out the pages of the site: those of docs/, and files that stand elsewhere in the repository, with
the links between them put right. A link to another file of the repository leads to --repository, and is none
without it. A link to what there is not is an error."""

import argparse
import os
import pathlib
import re
import shutil
import sys

import litmus_links

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITE = ROOT / "ci" / "site"

# Where pages come from that do not stand in docs/.
ELSEWHERE = {
    "README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md", "bench/README.md": "bench.md", "ci/README.md": "scripts.md",
    "findings/README.md": "findings.md", "model_tests/README.md": "model-tests.md",
    "model_tests/litmus/README.md": "litmus-programs.md", "model_tests/mutations.md": "mutations.md",
    "property_tests/README.md": "property-tests.md", "spec/README.md": "spec.md",
    "spec/linearizability.md": "linearizability.md", "src/README.md": "source.md",
}  # fmt: skip
LINK = re.compile(r"(\]\()([^)\s]+)(\))|(<img src=\")([^\"]+)(\")")
FENCE = re.compile(r"^ *```")
# The page that runs litmus tests, which litmus_page.py makes: files of tests lead there, and blocks of them.
LITMUS_PAGE = "litmus/index.html"
LITMUS_BLOCK = "```c litmus"
# The book is put in when the pages are made: a link in Markdown would lead nowhere yet.
BOOK = """# The order book

<a href="book/index.html">Open the order book</a>: a page for each order of the core, with its reason, the sites it
synchronizes with, and for each weaker order the execution that goes wrong. `runnel book` wrote it.
"""
NO_BOOK = """# The order book

It is not part of this build of the site. `ci/check` writes it to `build/book`, and so does
`build/clang/runnel book DIR`.
"""


def pages_of_repository():
    """The page that each file becomes."""
    pages = {f"docs/{path.name}": path.name for path in sorted((ROOT / "docs").glob("*.md"))}
    return {**pages, **ELSEWHERE}


class Stage:
    def __init__(self, output, repository):
        self.output = output
        self.repository = repository
        self.pages = pages_of_repository()
        self.errors = []

    def picture(self, path):
        """Copies a picture; returns where it is then."""
        page = f"pictures/{pathlib.Path(path).name}"
        target = self.output / page
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
        return page

    def target_of(self, link, source):
        """Where a link of a file leads on the site: an address, or None if it is to be no link."""
        if re.match(r"[a-z]+:|#", link):
            return link
        path, hash_sign, anchor = link.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(source), path))
        if path.startswith("..") or not (ROOT / path).exists():
            self.errors.append(f"{source}: there is no {link}")
            return None
        for page in (path, f"{path}/README.md"):
            if page in self.pages:
                return self.pages[page] + hash_sign + anchor
        if path.endswith(".litmus"):
            return self.litmus_link((ROOT / path).read_text(encoding="utf-8"))
        if path.endswith(".svg"):
            return self.picture(path)
        return f"{self.repository}/{path}" if self.repository else None

    @staticmethod
    def litmus_link(text):
        return f"{LITMUS_PAGE}#{litmus_links.fragment(litmus_links.without_comments(text))}"

    def line(self, line, source):
        def replaced(match):
            opening, link, closing = match.groups()[:3] if match[1] else match.groups()[3:]
            target = self.target_of(link, source)
            return f"{opening}{target}{closing}" if target else f"{opening}{closing}"

        text = LINK.sub(replaced, line)
        return re.sub(r"\[([^\][]*)\]\(\)", r"\1", text)

    def page(self, source, page):
        inside, litmus, lines = False, None, []
        for line in (ROOT / source).read_text(encoding="utf-8").splitlines():
            if litmus is not None and not FENCE.match(line):
                litmus.append(line)
            if FENCE.match(line):
                inside = not inside
                # What the tests read of a block is nothing to readers.
                shown = line.replace("```cpp fragment", "```cpp").replace("```rooms", "```text")
                lines.append(shown.replace(LITMUS_BLOCK, "```c"))
                if litmus:
                    lines += ["", f"[Open it in the browser]({self.litmus_link(chr(10).join(litmus) + chr(10))})"]
                litmus = [] if line == LITMUS_BLOCK else None
                continue
            lines.append(line if inside else self.line(line, source))
        (self.output / page).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--repository", default="", help="the address below which the files are")
    parser.add_argument("--book", action="store_true", help="the order book will be there")
    arguments = parser.parse_args()
    stage = Stage(arguments.output, arguments.repository.rstrip("/"))
    arguments.output.mkdir(parents=True, exist_ok=True)
    for source, page in stage.pages.items():
        if (ROOT / source).exists():
            stage.page(source, page)
        else:
            stage.errors.append(f"there is no {source}")
    (arguments.output / "order-book.md").write_text(BOOK if arguments.book else NO_BOOK, encoding="utf-8")
    shutil.copyfile(SITE / "style.css", arguments.output / "style.css")
    stage.picture("ci/site/favicon.svg")
    for error in stage.errors:
        print(error, file=sys.stderr)
    return 1 if stage.errors else 0


if __name__ == "__main__":
    sys.exit(main())
