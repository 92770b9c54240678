#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges which lines of the headers the tests have run.

Reads lines from what `llvm-cov export -format=lcov` wrote, branches from what `-format=text` (JSON) wrote,
for any number of programs; all instantiations of a template count together. Prints a table of the
headers and the lines that were not run. Those of the core have to be in the list of exceptions, each
line of which is

    core/ring.hpp | the text of the line | why no test runs it

and an exception whose line is run, or is not there, is stale. If the reason begins with "sometimes:", the
line may be run as well, but has to be there. Exit status: 1 if a line of the core is
missing from the list or the list is stale, 2 for input that cannot be read."""

import argparse
import collections
import json
import pathlib
import sys

CORE = "core/"


class Header:
    def __init__(self):
        self.lines = {}  # number: how often it was run
        self.branches = {}  # (place in the source, outcome): how often it was taken

    def uncovered(self):
        return sorted(n for n, count in self.lines.items() if count == 0)


def header_of(headers, path, include):
    """The header at that path; none if it is not below `include`."""
    path = pathlib.Path(path)
    if not path.is_relative_to(include):
        return None
    return headers[path.relative_to(include).as_posix()]


def read_lines(headers, text, include):
    header = None
    for record in text.splitlines():
        kind, _, rest = record.partition(":")
        if kind == "SF":
            header = header_of(headers, rest, include)
        elif header is not None and kind == "DA":
            number, count = (int(field) for field in rest.split(",")[:2])
            header.lines[number] = header.lines.get(number, 0) + count


def read_branches(headers, text, include):
    for file in json.loads(text)["data"][0]["files"]:
        header = header_of(headers, file["filename"], include)
        for *place, if_true, if_false, _, _, _ in file["branches"] if header is not None else []:
            for outcome, count in (True, if_true), (False, if_false):
                key = (*place, outcome)
                header.branches[key] = header.branches.get(key, 0) + count


def read_exports(paths, include):
    """The headers below `include`, by their path there."""
    headers = collections.defaultdict(Header)
    for path in paths:
        read = read_branches if path.suffix == ".json" else read_lines
        read(headers, path.read_text(), include)
    return headers


def read_exceptions(text):
    """Whether a line may be run, by the header and the text of the line."""
    exceptions = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split(" | ")]
        if len(fields) < 3 or not all(fields):
            raise ValueError(f"not 'header | text of the line | reason': {line}")
        # The text may have a bar in it.
        exceptions[fields[0], " | ".join(fields[1:-1])] = fields[-1].startswith("sometimes:")
    return exceptions


def judge(headers, exceptions, source_of):
    """The lines of the core that no exception explains, and the exceptions that explain none."""
    left = set(exceptions)
    unexplained = []
    for name, header in sorted(headers.items()):
        source = source_of(name)
        for number, count in sorted(header.lines.items()):
            key = (name, source[number - 1].strip())
            if count == 0 or exceptions.get(key):
                left.discard(key)
            if count == 0 and name.startswith(CORE) and key not in exceptions:
                unexplained.append((name, number, key[1]))
    return unexplained, sorted(left)


def share(covered, total):
    return f"{covered:5} of {total:<5} {100 * covered / total:6.1f} %" if total else " " * 22


def print_table(headers):
    print(f"{'header':28}{'lines':>22}   {'branches':>22}")
    rows = [(name, [h]) for name, h in sorted(headers.items())] + [("all", list(headers.values()))]
    for name, group in rows:
        lines = [count for h in group for count in h.lines.values()]
        branches = [count for h in group for count in h.branches.values()]
        print(f"{name:28}{share(sum(map(bool, lines)), len(lines))}   "
              f"{share(sum(map(bool, branches)), len(branches))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", type=pathlib.Path, required=True, help="the directory of headers")
    parser.add_argument("--exceptions", type=pathlib.Path, required=True)
    parser.add_argument("exports", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    try:
        headers = read_exports(arguments.exports, arguments.include.resolve())
        exceptions = read_exceptions(arguments.exceptions.read_text())
        sources = {name: (arguments.include / name).read_text().splitlines() for name in headers}
    except (OSError, ValueError, KeyError) as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 2
    if not any(name.startswith(CORE) for name in headers):
        print("coverage: nothing of the core was run", file=sys.stderr)
        return 2
    print_table(headers)
    for name, header in sorted(headers.items()):
        for number in header.uncovered():
            print(f"not run: {name}:{number}: {sources[name][number - 1].strip()}")
    unexplained, stale = judge(headers, exceptions, lambda name: sources[name])
    for name, number, text in unexplained:
        print(f"error: {name}:{number} is not run, and no exception says why: {text}")
    for name, text in stale:
        print(f"error: a stale exception: {name} | {text}")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
