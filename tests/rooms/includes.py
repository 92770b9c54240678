#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the includes of src run one way, down the lines that src/README.md has of its rooms.

With --plant a copy that has one include of each wrong kind must be rejected for it.
"""
import argparse
import pathlib
import re
import shutil
import sys
import tempfile

SRC = pathlib.Path(__file__).resolve().parents[2] / "src"
# In a file, an include that must not be there, and what is said of it.
PLANTED = [
    ("terminal/text_output.hpp", '"checks/report.hpp"', "terminal includes checks/report.hpp"),
    ("model/graph.hpp", '"../terminal/interrupt.hpp"', "model includes terminal/interrupt.hpp"),
    ("orders/steps.cpp", "<fuzz/fuzz_run.hpp>", "orders includes fuzz/fuzz_run.hpp"),
    ("stress/tests/broken.hpp", '"command_line.hpp"', "stress includes command_line.hpp"),
    ("book/book.hpp", ' "tests/command.hpp"', "book includes tests/command.hpp"),
    ("new_room/some.hpp", '"checks/report.hpp"', "new_room has no line"),
]


def lines_of_rooms(src):
    """The line of each room, from the top. Tests of the whole command are above all."""
    block = re.search(r"^```rooms\n(.*?)^```", (src / "README.md").read_text(), re.M | re.S)
    lines = [["tests"], *map(str.split, block[1].splitlines())]
    return {room: line for line, rooms in enumerate(lines) for room in rooms}


def room_of(path):
    return path.parts[0] if len(path.parts) > 1 else "command_line"


def upward_includes(src):
    line_of = lines_of_rooms(src)
    files = {f.relative_to(src) for f in src.rglob("*.[ch]pp")}
    rooms = {room_of(f) for f in files}
    errors = [f"{room} has no line in src/README.md" for room in sorted(rooms - line_of.keys())]
    errors += [f"there is no room {room}" for room in sorted(line_of.keys() - rooms)]
    for file in sorted(files):
        text = (src / file).read_text()
        for name in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M):
            places = [(src / folder / name).resolve() for folder in (file.parent, ".")]
            found = [p.relative_to(src) for p in places if p.is_relative_to(src) and p.is_file()]
            if not found or room_of(found[0]) == room_of(file):
                continue
            if not line_of.get(room_of(file), -1) < line_of.get(room_of(found[0]), -1):
                errors.append(f"{file}: {room_of(file)} includes {found[0]}")
    return errors


def plant():
    """What is said of the mistakes, and is not what should be said."""
    wrong = []
    for name, include, said in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder).resolve() / "src"
            shutil.copytree(SRC, copy)
            file = copy / name
            file.parent.mkdir(exist_ok=True)
            with file.open("a") as text:
                text.write(f"\n#include {include}\n")
            errors = upward_includes(copy)
            if not any(said in error for error in errors):
                wrong.append(f"{name}, which includes {include}: not rejected, but {errors}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plant", action="store_true")
    errors = plant() if parser.parse_args().plant else upward_includes(SRC)
    if errors:
        print(*errors, sep="\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
