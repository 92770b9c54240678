#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether a call in a header can reach the namespace of a user's type.

Each name that the headers call or declare becomes a greedy function template beside the message, the
clock, the number of a duration and the program under test; a compiler that so much as looks at one of them stops with an error.
The operators beside the message accept everything, and are deleted. With --plant, headers that have one
such call each must be caught.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
NOT_FUNCTIONS = set(
    "alignas alignof asm auto bool catch char concept const consteval constexpr decltype defined delete "
    "do double else explicit float for if int long new noexcept operator private public protected "
    "requires return short signed sizeof static_assert static_cast reinterpret_cast const_cast switch "
    "template throw typeid typename unsigned void while __attribute__ asm volatile".split())
# Names of the types in that namespace.
OWN = {"message", "clock", "number", "state", "program"}
# libstdc++ 12 calls it so itself, in the constructor of a duration.
OF_THE_LIBRARY = {"duration_cast"}
EXPECTED = {"time_left", "look_and_decide", "deadline_after", "to_bits", "check", "move", "addressof"}
# In a header, what stands there, and a call that must be caught instead.
PLANTED = [
    ("core/handles.hpp", "core::time_left(t)", "time_left(t)"),
    ("core/handles.hpp", "core::deadline_after<P>(d)", "deadline_after<P>(d)"),
    ("core/handles.hpp", "std::addressof(other)", "&other"),
    ("core/handles.hpp", "!r.has_value()", "!r"),
    ("core/ring.hpp", "core::look_and_decide(*this)", "look_and_decide(*this)"),
    ("core/channel.hpp", "message.has_value() ||", "message ||"),
    ("core/rendezvous.hpp", "std::move(value)", "move(value)"),
    ("model/atomic.hpp", "model::to_bits(value)", "to_bits(value)"),
    ("model/check.hpp", "((void)std::get<Indices>(bodies_)(*state_), true)",
     "(std::get<Indices>(bodies_)(*state_), true)"),
]


def names_in(include):
    """What the headers call or declare: an identifier before a parenthesis."""
    names = set()
    for header in sorted(include.rglob("*.hpp")):
        text = re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"', "", header.read_text())
        text = re.sub(r"^\s*#.*(?:\\\n.*)*", "", text, flags=re.M)
        names |= set(re.findall(r"\b([A-Za-z_]\w*)\s*(?:<[\w\s:,&*\"\.]*>)?\s*\(", text))
    return {n for n in names if n not in NOT_FUNCTIONS | OWN | OF_THE_LIBRARY and not n.startswith("__")}


def traps(names):
    """The greedy functions. A template-id has its first arguments given."""
    return "".join(
        f"template <class... A> typename ::trap<A...>::type {n}(A&&...);\n"
        f"template <class X, class... A> typename ::trap<X, A...>::type {n}(A&&...);\n"
        for n in sorted(names))


def compile_with(compiler, include, names):
    with tempfile.TemporaryDirectory() as work:
        pathlib.Path(work, "greedy_names.inc").write_text(traps(names))
        command = [compiler, "-std=c++23", "-fsyntax-only", "-UNDEBUG", "-I", str(include), "-I", work,
                   str(HERE / "users_namespace.cpp")]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def planted(include, work):
    """Copies of the headers with one such call each."""
    for i, (header, text, instead) in enumerate(PLANTED):
        copy = pathlib.Path(work, str(i))
        shutil.copytree(include, copy)
        path = copy / "runnel" / header
        source = path.read_text()
        if text not in source:
            sys.exit(f"{header} has no {text}: nothing to plant")
        path.write_text(source.replace(text, instead))
        yield f"{instead} in {header}", copy


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--plant", action="store_true")
    args = parser.parse_args()
    names = names_in(args.include)
    if not EXPECTED <= names:
        sys.exit(f"not found in {args.include}: {sorted(EXPECTED - names)}; the pattern is wrong")
    if not args.plant:
        result = compile_with(args.compiler, args.include, names)
        sys.stderr.write(result.stderr)
        sys.exit(result.returncode)
    with tempfile.TemporaryDirectory() as work:
        for what, copy in planted(args.include, work):
            if compile_with(args.compiler, copy, names).returncode == 0:
                sys.exit(f"not caught: {what}")
    print(f"{len(PLANTED)} planted calls were caught")


if __name__ == "__main__":
    main()
