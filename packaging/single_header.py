#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes one header of all that <runnel/runnel.hpp> includes.

Each of Runnel's headers stands where it is first included. Of the standard headers, those that are
always included come together, before the first of them is used; those under a condition stay there.
The same source gives the same bytes.
"""

import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LICENCE_LINE = "// SPDX-License-Identifier: MIT"
INCLUDE = re.compile(r'\s*#\s*include\s*([<"][^>"]+[>"])')
OPENS, CLOSES = re.compile(r"\s*#\s*if"), re.compile(r"\s*#\s*endif")
PRAGMA_ONCE = re.compile(r"\s*#\s*pragma\s+once\b")
# Where the standard headers go.
STANDARD = object()


class Unsuitable(Exception):
    """A header that cannot be part of a single one."""


class Amalgamation:
    """The lines of the headers, each once, and the standard headers that they always include."""

    def __init__(self, include):
        self.include = include
        self.lines = []
        self.standard = set()
        self.seen = set()

    def add(self, name):
        """Adds the header `name`, as in <name>, unless it is there already."""
        if name in self.seen:
            return
        self.seen.add(name)
        path = self.include / name
        if not path.is_file():
            raise Unsuitable(f"{name} is included, but there is no {path}")
        text = path.read_text(encoding="utf-8").splitlines()
        if text[:1] != [LICENCE_LINE]:
            raise Unsuitable(f"{name} does not begin with the line {LICENCE_LINE}")
        self.lines += ["", f"// <{name}>"]
        depth = 0
        for number, line in enumerate(text[1:], start=2):
            depth += bool(OPENS.match(line)) - bool(CLOSES.match(line))
            included = INCLUDE.match(line)
            if included:
                self.add_included(included[1], line, depth, f"{name}:{number}")
            elif not PRAGMA_ONCE.match(line):
                self.lines.append(line)

    def add_included(self, what, line, depth, where):
        own = what.startswith("<runnel/")
        if what.startswith('"') or (own and depth > 0):
            raise Unsuitable(f"{where}: {what} is neither a standard header nor always included")
        if own:
            self.add(what[1:-1])
        elif depth > 0:
            self.lines.append(line)
        else:
            if not self.standard:
                self.lines += ["", STANDARD]
            self.standard.add(what)

    def text(self, licence):
        lines = [LICENCE_LINE, "//", "// All of Runnel in one header, made by packaging/single_header.py.",
                 "//", *(f"// {line}".rstrip() for line in licence.splitlines()), "#pragma once"]
        for line in self.lines:
            if line is STANDARD:
                lines += [f"#include {name}" for name in sorted(self.standard)]
            elif line or lines[-1]:  # what is taken out leaves no gaps
                lines.append(line)
        return "\n".join(lines) + "\n"


def amalgamate(include, licence):
    """The single header of the headers in the directory `include`."""
    made = Amalgamation(include)
    made.add("runnel/runnel.hpp")
    return made.text(licence)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, help="the header to write")
    arguments = parser.parse_args()
    try:
        licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
        text = amalgamate(ROOT / "include", licence)
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(text, encoding="utf-8")
    except (OSError, Unsuitable) as error:
        sys.exit(f"single_header: {error}")


if __name__ == "__main__":
    main()
