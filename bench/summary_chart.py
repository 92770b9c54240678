#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/pictures/speed.svg from the table of figures in bench/README.md: for each cell a line, on it
the time of each channel, on a logarithmic scale. It is legible on light and on dark ground. With --check:
writes nothing, and fails if the picture is not that of the table."""

import argparse
import dataclasses
import math
import pathlib
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIGURES = ROOT / "bench" / "README.md"
PICTURE = ROOT / "docs" / "pictures" / "speed.svg"
HEAD = "| ns per message |"

# What the columns of the table are called in the picture, and the classes of their marks.
MARKS = {
    "Runnel, GCC": "gcc", "Runnel, Clang": "clang", "crossbeam": "crossbeam",
    "best other that blocks threads": "other", "Go": "go", "bare ring": "bare",
}  # fmt: skip
# On lines of their own, above the cells.
LEGEND = [["Runnel, GCC", "Runnel, Clang", "crossbeam"],
          ["best other that blocks threads", "Go", "bare ring"]]  # fmt: skip

WIDTH, LEFT, RIGHT, TOP, ROW = 660, 150, 32, 76, 19
FONT = "font-family:'DejaVu Sans',Verdana,Helvetica,Arial,sans-serif;font-size:12px"
STYLE = f"""
text{{{FONT};fill:#24292f}}
.cell{{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:11px}}
.line{{stroke:#d0d7de;stroke-width:1}}
.gcc{{fill:#c1121f}} .clang{{fill:none;stroke:#c1121f;stroke-width:2}}
.crossbeam{{fill:#b35900}} .other{{fill:#6e7781}} .go{{fill:#0a7ea4}} .bare{{stroke:#24292f;stroke-width:2}}
@media (prefers-color-scheme:dark){{
text{{fill:#e6edf3}} .line{{stroke:#3d444d}}
.gcc{{fill:#ff6b6b}} .clang{{stroke:#ff6b6b}}
.crossbeam{{fill:#f0a04b}} .other{{fill:#9198a1}} .go{{fill:#4cc3e6}} .bare{{stroke:#e6edf3}}
}}
"""


@dataclasses.dataclass
class Cell:
    name: str
    times: dict  # of each column that has one, in ns


class Malformed(Exception):
    """There is no such table, or something else stands in it."""


def time_of(text):
    """The number with which a field begins; nothing if it is a dash."""
    first = text.split()[0].replace(",", "")
    if first == "–":
        return None
    try:
        return float(first)
    except ValueError:
        raise Malformed(f"'{text}' does not begin with a number") from None


def read(markdown):
    lines = markdown.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(HEAD)), None)
    if start is None:
        raise Malformed(f"no table begins with '{HEAD}'")
    columns = [field.strip() for field in lines[start].strip("|").split("|")][1:]
    if set(columns) != set(MARKS):
        raise Malformed(f"the columns are {columns}, not {list(MARKS)}")
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        name, *fields = [field.strip() for field in line.strip("|").split("|")]
        times = {column: time_of(field) for column, field in zip(columns, fields, strict=True)}
        cells.append(Cell(name.strip("`"), {c: t for c, t in times.items() if t is not None}))
    return cells


def mark(column, x, y):
    kind = MARKS[column]
    if kind in ("gcc", "clang"):
        return f'<path class="{kind}" d="M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z"/>'
    if kind == "bare":
        return f'<path class="bare" d="M{x:.1f} {y - 7}v14"/>'
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="4.5"/>'


def draw(cells):
    times = [time for cell in cells for time in cell.times.values()]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    bottom = TOP + ROW * len(cells)

    def x_of(time):
        return LEFT + (math.log10(time) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 26}" role="img">',
        "<title>Nanoseconds per message, of pingpong per round trip</title>",
        f"<style>{STYLE}</style>",
    ]
    for row, names in enumerate(LEGEND):
        for column, name in enumerate(names):
            x, y = 20 + 235 * column, 16 + 22 * row
            out.append(f'{mark(name, x, y)}<text x="{x + 12}" y="{y + 4}">{escape(name)}</text>')
    for power in range(low, high + 1):
        x = x_of(10**power)
        out.append(f'<path class="line" d="M{x:.1f} {TOP - 12}V{bottom - 4}"/>')
        word = f"{10**power:,} ns" if power == low else f"{10**power:,}"
        out.append(f'<text x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{word}</text>')
    for i, cell in enumerate(cells):
        y = TOP + ROW * i
        out.append(f'<text class="cell" x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(cell.name)}</text>')
        out.append(f'<path class="line" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>')
        # Ours lie on top.
        out += [mark(name, x_of(cell.times[name]), y) for name in reversed(MARKS) if name in cell.times]
    return "\n".join([*out, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare")
    arguments = parser.parse_args()
    try:
        picture = draw(read(FIGURES.read_text(encoding="utf-8")))
    except Malformed as error:
        sys.exit(f"{FIGURES.relative_to(ROOT)}: {error}")
    if arguments.check:
        if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
            sys.exit(f"{PICTURE.relative_to(ROOT)} is not that of the table: run bench/summary_chart.py")
    else:
        PICTURE.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
