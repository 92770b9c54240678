#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links to the page of litmus tests: the address has the program in it. Run on the order book, as it is in a site, it
puts one below each counterexample of a site that a kernel in src/litmus/page/examples has: a line of the kernel ends
with the names of the sites that it is, and the link has the weaker order there. Prints how many; none is an error."""

import argparse
import base64
import html
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "src" / "litmus" / "page" / "examples"
COMMENT_LINE = re.compile(r"^(?:\(\*.*\*\)|//.*)\n", re.M)
STEP = re.compile(r'(<section class="step"[^>]* data-step="([^"]*)"[^>]*>\n<h3>.*?</h3>\n)(.*?</section>)', re.S)
OPENING = re.compile(r'(<h2 id="opening">.*?</h2>\n)')


def without_comments(text):
    """A program without the lines at its head that are comments: what is shown, and what links have in them."""
    return re.sub(r"\n\n+", "\n\n", COMMENT_LINE.sub("", text)).lstrip("\n")


def fragment(text, model="rc11"):
    """What comes behind # in the address."""
    return f"model={model}&program={base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def kernels():
    """The kernel of each site, by the site's name."""
    found = {}
    for path in sorted(EXAMPLES.glob("*.litmus")):
        text = without_comments(path.read_text(encoding="utf-8"))
        for named in re.findall(r";  // (.*)$", text, re.M):
            found.update(dict.fromkeys(named.split(", "), text))
    return found


def weakened(kernel, site, step):
    """The kernel with a weaker order; None if the step is of no order that it has: "release to relaxed"."""
    old, _, new = step.removeprefix("success: ").partition(" to ")
    lines = []
    for line in kernel.split("\n"):
        code, comment, sites = line.partition("  // ")
        if site in sites.split(", "):
            code = re.sub(rf"memory_order_{old}\);$", f"memory_order_{new});", code)
        lines.append(code + comment + sites)
    changed = "\n".join(lines)
    return changed if changed != kernel else None


def anchor(text, words, up):
    return (
        f'<p class="note"><a href="{up}litmus/index.html#{html.escape(fragment(text))}" data-verdict="fails">'
        f"{words}</a></p>\n"
    )


def with_links(page, site, found):
    """The page of a site, and the number of links in it."""
    count = 0

    def linked(match):
        nonlocal count
        text = weakened(found[site], site, html.unescape(match[2])) if 'class="failure"' in match[3] else None
        if text is None:
            return match[0]
        count += 1
        return match[1] + anchor(text, "The kernel of it as a litmus test, to be changed and run", "../../") + match[3]

    return STEP.sub(linked, page), count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("book", type=pathlib.Path)
    book = parser.parse_args().book
    found, count = kernels(), 0
    for site in found:
        path = book / "sites" / f"{site}.html"
        text, links = with_links(path.read_text(encoding="utf-8"), site, found)
        path.write_text(text, encoding="utf-8")
        count += links
    index = book / "index.html"
    kernel = weakened(found["ring.publish"], "ring.publish", "release to relaxed")
    words = "What is behind it, as a litmus test of ten lines: change the order, and see the executions"
    text, openings = OPENING.subn(lambda m: m[1] + anchor(kernel, words, "../"), index.read_text(encoding="utf-8"))
    index.write_text(text, encoding="utf-8")
    if count == 0 or openings != 1:
        print(f"litmus_links.py: {count} counterexamples and {openings} openings in {book} have a link", file=sys.stderr)
        return 1
    print(f"{count} counterexamples of the order book lead to litmus tests.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
