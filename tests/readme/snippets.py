#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles the C++ code blocks of a Markdown file.

A block that opens with ```cpp is a whole program, compiled and linked as it stands, with what is
given as --link. One that opens with ```cpp fragment is the body of a function, with the library and
the usual headers included, and what is given as --header. A block that includes a header of a library
that is given as --without, such as asio for <asio/post.hpp> or <runnel/asio.hpp>, is left out.
"""

import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

FRAGMENT = """
#include <runnel/runnel.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>
using namespace std::chrono_literals;
void fragment() {
"""


class Malformed(Exception):
    """The Markdown file has a block that cannot be understood."""


def blocks(markdown):
    """Yields (line, is_fragment, code) for each C++ block."""
    opened = None
    for number, line in enumerate(markdown.splitlines(), start=1):
        text = line.strip()
        if opened is None and text.startswith("```"):
            opened, info, code = number, text.lstrip("`").split(), []
        elif opened is not None and text == "```":
            if info and info[0].lower() in ("cpp", "c++", "cxx"):
                if info not in (["cpp"], ["cpp", "fragment"]):
                    raise Malformed(f"line {opened}: neither ```cpp nor ```cpp fragment")
                yield opened, len(info) == 2, "\n".join(code) + "\n"
            opened = None
        elif opened is not None:
            code.append(line)
    if opened is not None:
        raise Malformed(f"line {opened}: a code block without an end")


def compiles(code, is_fragment, compiler, name, libraries=()):
    """Whether a block compiles; the compiler prints why not."""
    flags = ["-std=c++23", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"]
    if is_fragment:
        flags += ["-fsyntax-only", "-Wno-unused-variable", "-Wno-unused-but-set-variable"]
        code = f'{FRAGMENT}\n#line 1 "{name}"\n{code}\n}}\n'
    else:
        code = f'#line 1 "{name}"\n{code}'
    with tempfile.TemporaryDirectory() as directory:
        output = ["-o", str(pathlib.Path(directory) / "program")]
        command = compiler + flags + ["-x", "c++", "-"]
        if not is_fragment:
            command += (["-x", "none", *libraries] if libraries else []) + output
        return subprocess.run(command, input=code, text=True, check=False).returncode == 0


def includes(code, library):
    """Whether a block includes a header of a library, or the adapter for it."""
    return re.search(rf"#include <({library}(/|\.hpp)|runnel/{library}\.hpp)", code) is not None


def failures(markdown, compiler, name, libraries=(), without=()):
    """The lines of the blocks that do not compile, and the number of blocks that were compiled."""
    found = [b for b in blocks(markdown) if not any(includes(b[2], library) for library in without)]
    return [line for line, is_fragment, code in found
            if not compiles(code, is_fragment, compiler, f"{name}, block at line {line}",
                            libraries)], len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("markdown", type=pathlib.Path)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", default="", help="of the compiler, as CMAKE_CXX_FLAGS has them")
    parser.add_argument("--include", required=True, help="the library's include directory")
    parser.add_argument("--header", action="append", default=[], help="what fragments include")
    parser.add_argument("--link", action="append", default=[], help="a library of the programs")
    parser.add_argument("--without", action="append", default=[],
                        help="a library that is not there: blocks with it are left out")
    arguments = parser.parse_args()
    try:
        compiler = [arguments.compiler, *shlex.split(arguments.flags), "-I", arguments.include]
        for header in arguments.header:
            compiler += ["-include", header]
        failed, count = failures(arguments.markdown.read_text(encoding="utf-8"), compiler,
                                 arguments.markdown.name, arguments.link,
                                 arguments.without)
    except Malformed as error:
        sys.exit(f"{arguments.markdown}: {error}")
    left_out = f", without those with {' or '.join(arguments.without)}" if arguments.without else ""
    print(f"{arguments.markdown.name}: {count} C++ blocks{left_out}, {len(failed)} do not compile")
    # A file that has lost its blocks would be checked in vain.
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
