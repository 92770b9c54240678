#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges pictures of executions, as SVG: no label of an edge lies on another one, on a box, or outside of the
picture; and each colour has one for the dark. Prints what is wrong, a line for each. Exit status: 1 if something is
wrong, 2 for input that cannot be read."""

import argparse
import itertools
import pathlib
import re
import sys
import xml.etree.ElementTree

DARK = "@media (prefers-color-scheme: dark)"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Boxes that only touch, but for the rounding of numbers, do not lie on each other.
TOUCH = 0.5


def tag_of(element):
    return element.tag.rpartition("}")[2]


def bounds(element):
    """Left, top, right, bottom of a polygon or a path."""
    numbers = [float(n) for n in NUMBER.findall(element.get("points") or element.get("d"))]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def overlap(a, b):
    return all(min(a[i + 2], b[i + 2]) - max(a[i], b[i]) > TOUCH for i in (0, 1))


def inside(a, b):
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


def shapes_in(group, tags):
    return [e for e in group if tag_of(e) in tags]


def labels_of(graph):
    """The grounds that texts of edges stand on, each with its text."""
    labels = []
    for group in graph.iter():
        if group.get("class") in ("edge", "label"):
            text = " ".join(e.text or "" for e in shapes_in(group, ("text",)))
            labels += [(text, bounds(e)) for e in shapes_in(group, ("polygon",)) if e.get("fill") == "white"]
    return labels


def boxes_of(graph):
    nodes = [e for e in graph.iter() if e.get("class") == "node"]
    return [
        (" ".join(t.text or "" for t in shapes_in(node, ("text",))), bounds(e))
        for node in nodes
        for e in shapes_in(node, ("path", "polygon"))
    ]


def colours_without_dark(root):
    style = "".join(e.text or "" for e in root.iter() if tag_of(e) == "style")
    _, dark, rules = style.partition(DARK)
    if not dark:
        return ["there are no colours for the dark"]
    used = {(name, e.get(name)) for e in root.iter() for name in ("fill", "stroke") if e.get(name)}
    return [
        f"the {name} {colour} is the same in the dark"
        for name, colour in sorted(used)
        if colour not in ("none", "transparent") and f'[{name}="{colour}"]' not in rules
    ]


def judge(text):
    root = xml.etree.ElementTree.fromstring(text)
    graph = next((e for e in root.iter() if e.get("class") == "graph"), None)
    if graph is None:
        return ["is no picture of Graphviz"]
    whole = bounds(shapes_in(graph, ("polygon",))[0])
    labels = labels_of(graph)
    errors = [
        f'the label "{a[0]}" lies on the label "{b[0]}"'
        for a, b in itertools.combinations(labels, 2)
        if overlap(a[1], b[1])
    ]
    errors += [
        f'the label "{label[0]}" lies on the box "{box[0]}"'
        for label, box in itertools.product(labels, boxes_of(graph))
        if overlap(label[1], box[1])
    ]
    errors += [f'the label "{text}" lies outside' for text, box in labels if not inside(box, whole)]
    return errors + colours_without_dark(root)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", type=pathlib.Path, nargs="+")
    count = 0
    for path in parser.parse_args().pictures:
        try:
            errors = judge(path.read_text(encoding="utf-8"))
        except (OSError, xml.etree.ElementTree.ParseError, ValueError) as error:
            print(f"picture_check: {path}: {error}", file=sys.stderr)
            return 2
        for error in errors:
            print(f"{path.name}: {error}")
        count += len(errors)
    print(f"{count} errors")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
