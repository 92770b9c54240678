#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the pages of the API reference from the XML that Doxygen wrote, and says which public names have no
comment: that is an error.

Public is what the headers of PAGES have in their namespaces, less what INTERNAL names; the text of a signature
is that of the source. A name is documented if one of its overloads is. Nothing is asked of members whose
meaning is that of the language (special members, comparisons) or of the class of the standard library for
which the class stands ("In place of std::..."). If one value of an enumeration has a comment, all need one."""

import argparse
import dataclasses
import pathlib
import re
import sys
import textwrap
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
NAMESPACES = {"runnel", "runnel::mpsc", "runnel::mpmc", "runnel::local", "runnel::model", "runnel::asio",
              "runnel::execution"}


@dataclasses.dataclass
class Page:
    slug: str
    title: str
    include: str
    headers: tuple = ()
    also: tuple = ()  # names of other headers, or of inner namespaces


PAGES = (
    Page("channels", "Channels and handles", "<runnel/mpsc.hpp>, <runnel/mpmc.hpp>", ("mpsc.hpp", "mpmc.hpp"),
         ("runnel::core::basic_sender", "runnel::core::basic_receiver",
          "runnel::core::basic_receiver::message_range",
          "runnel::core::basic_receiver::message_range::iterator")),
    Page("select", "Selects", "<runnel/select.hpp>", ("select.hpp",), ("runnel::core::handled_case",)),
    Page("async", "Coroutines", "<runnel/async.hpp>", ("async.hpp",)),
    Page("local", "Channels within a thread", "<runnel/local.hpp>", ("local.hpp",)),
    Page("asio", "Asio", "<runnel/asio.hpp>", ("asio.hpp",)),
    Page("execution", "Senders", "<runnel/execution.hpp>", ("execution.hpp",)),
    Page("timers", "Timers", "<runnel/timer.hpp>", ("timer.hpp",), ("runnel::core::basic_timer",)),
    Page("errors", "Errors", "<runnel/errors.hpp>, which all others include", ("errors.hpp",)),
    Page("checks", "Checks of code of your own", "<runnel/model/check.hpp>",
         ("model/check.hpp", "model/check_orders.hpp"),
         ("runnel::model::fail", "runnel::model::choose", "runnel::model::assume", "runnel::model::allocate",
          "runnel::model::deallocate", "runnel::model::running")),
    Page("model", "What checks are written with", "<runnel/model/check.hpp>",
         tuple(f"model/{name}.hpp" for name in (
             "atomic", "var", "cell", "mutex", "recursive_mutex", "timed_mutex", "shared_mutex",
             "condition_variable", "semaphore", "latch", "barrier", "once", "yield"))),
    Page("explore", "The explorer", "<runnel/model/explore.hpp>, <runnel/model/picture.hpp>",
         ("model/explore.hpp", "model/picture.hpp")),
)  # fmt: skip

# What public headers need for themselves, and members that nobody else calls.
INTERNAL = {
    "runnel::core::basic_sender::channel_type", "runnel::core::basic_receiver::channel_type",
    "runnel::core::basic_receiver::sender_type",
    "runnel::core::handled_case::handle", "runnel::core::handled_case::platform",
    "runnel::core::handled_case::result", "runnel::selector::platform", "runnel::selector::entry",
    "runnel::model::test_program", "runnel::model::bodies_program", "runnel::model::require_own_heap",
    "runnel::model::may_share_nothing",
    "runnel::model::arithmetic", "runnel::model::atomic_types", "runnel::model::atomic_types< T >",
    "runnel::model::failure_order", "runnel::model::from_bits", "runnel::model::to_bits",
    "runnel::model::require_order_of_load", "runnel::model::require_order_of_store",
    "runnel::model::width_of", "runnel::model::access_span", "runnel::model::cell::value_",
    "runnel::model::no_completion",
}  # fmt: skip

# The handles add nothing but their names to these.
RENAMED = re.compile(r"\bbasic_(sender|receiver)\b")
AS_IN_STD = re.compile(r"^In place of (the )?`?std::")


def last_of(name):
    """A qualified name without what qualifies it, and without arguments of a template."""
    before, operator, symbol = name.rpartition("::operator")
    return "operator" + symbol if operator else name.partition("<")[0].rpartition("::")[2]


@dataclasses.dataclass
class Entry:
    name: str  # qualified
    kind: str
    file: str
    line: int
    text: str
    signature: str
    values: list  # of an enumeration: names with texts
    members: list

    @property
    def last_name(self):
        return last_of(self.name)


class Broken(Exception):
    """The XML or a header is not as expected."""


def escape(text):
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)


def inline(element):
    """A paragraph as Markdown."""
    out = [escape(element.text or "")]
    for child in element:
        if child.tag == "computeroutput":
            out.append("`" + "".join(child.itertext()) + "`")
        elif child.tag in ("verbatim", "preformatted", "programlisting"):
            code = textwrap.dedent("".join(child.itertext()).strip("\n"))
            out.append(f"\n\n```\n{code}\n```\n\n")
        elif child.tag in ("itemizedlist", "orderedlist"):
            items = ("- " + " ".join(inline(p).strip() for p in item.iter("para")) for item in child)
            out.append("\n\n" + "\n".join(items) + "\n\n")
        elif child.tag in ("ref", "emphasis", "bold", "sp", "para", "ndash", "mdash", "ulink"):
            out.append(inline(child))
        else:
            raise Broken(f"a comment has an element <{child.tag}>, which is not foreseen")
        out.append(escape(child.tail or ""))
    return "".join(out)


def text_of(element):
    """The comment, brief and detailed, as Markdown."""
    parts = []
    for tag in ("briefdescription", "detaileddescription"):
        for para in element.findall(f"{tag}/para"):
            parts.append(re.sub(r"[ \t]+", " ", inline(para)).strip() if para.find("verbatim") is None
                         else inline(para).strip())  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def first_line(lines, line):
    """Where the declaration begins whose name stands in this line."""
    start = line
    while start > 0:
        before = lines[start - 1].partition("//")[0].strip()
        # A comma ends a value of an enumeration, or a line of parameters that go on.
        if not before or before.startswith("#") or before.endswith((";", "}", "{", ":")):
            break
        start -= 1
    return start


def signature_of(file, line, name):
    """The declaration, as it stands in the header, without its body."""
    lines = (INCLUDE / file).read_text(encoding="utf-8").splitlines()
    text = "\n".join(lines[first_line(lines, line - 1) :])
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        ends = char in "{;" or (char == ":" and text[i - 1 : i + 2] == " : ")
        if depth == 0 and ends:
            text = text[:i]
            break
    if name not in text:
        raise Broken(f"{file}:{line}: no declaration of {name} was found, but: {text}")
    text = re.sub(r"\[\[gnu::\w+\]\] ?", "", textwrap.dedent(text).rstrip())
    return RENAMED.sub(r"\1", text).replace("core::", "")


def place_of(where, name):
    """The file, and the line in which the name stands: that of its body, where Doxygen is mistaken."""
    lines = (INCLUDE / where.get("file")).read_text(encoding="utf-8").splitlines()
    found = [int(where.get(key)) for key in ("line", "bodystart") if int(where.get(key, -1)) > 0]
    return where.get("file"), next((line for line in found if name in lines[line - 1]), found[0])


def entry_of(element, name):
    file, line = place_of(element.find("location"), last_of(name))
    values = [(value.find("name").text, text_of(value)) for value in element.findall("enumvalue")]
    return Entry(name, element.get("kind"), file.removeprefix("runnel/"), line, text_of(element),
                 signature_of(file, line, last_of(name)), values, [])  # fmt: skip


def members_of(compound, name):
    """Of a class what is public, of a namespace all; in the order of the source."""
    found = []
    for member in compound.iter("memberdef"):
        if member.get("prot") == "public" or compound.get("kind") == "namespace":
            entry = entry_of(member, f"{name}::{member.find('name').text}")
            deleted = "delete" in (member.findtext("argsstring") or "").rpartition(")")[2]
            if not deleted and entry.name not in INTERNAL:
                found.append(entry)
    return sorted(found, key=lambda entry: (entry.file, entry.line))


def read(directory):
    """The classes that may be public, by their qualified name, and all else in the namespaces."""
    classes, free = {}, []
    inner = {name for page in PAGES for name in page.also}
    for path in sorted(directory.glob("*.xml")):
        for compound in xml.etree.ElementTree.parse(path).getroot().iter("compounddef"):
            kind, name = compound.get("kind"), compound.findtext("compoundname")
            is_class = kind in ("class", "struct") and name not in INTERNAL
            if is_class and (name.rpartition("::")[0] in NAMESPACES or name in inner):
                classes[name] = entry_of(compound, name)
                classes[name].members = members_of(compound, name)
            elif kind == "namespace" and name in NAMESPACES:
                free += members_of(compound, name)
    return classes, free


def entries_of(page, classes, free):
    found = [entry for entry in (*classes.values(), *free)
             if entry.file in page.headers and entry.name.rpartition("::")[0] in NAMESPACES
             and entry.name not in INTERNAL]  # fmt: skip
    order = {header: i for i, header in enumerate(page.headers)}
    found.sort(key=lambda entry: (order[entry.file], entry.line))
    for name in page.also:
        more = [classes[name]] if name in classes else [entry for entry in free if entry.name == name]
        if not more:
            raise Broken(f"there is no {name}")
        found += more
    return found


def groups_of(entries):
    """Overloads that share a comment, in the order of their names: (name, [(signatures, text)])."""
    names = {}
    for entry in entries:
        groups = names.setdefault(entry.name, [])
        if entry.text or not groups:
            groups.append(([entry.signature], entry.text, entry))
        else:
            groups[-1][0].append(entry.signature)
    return names


def explains_itself(entry, owner):
    """Whether the language, or the standard library, says what the member means."""
    last, of_class = entry.last_name, owner.last_name if owner else ""
    return bool(
        last in ("operator==", "operator<=>", "operator=")
        or last.lstrip("~") == of_class
        or (owner and AS_IN_STD.match(owner.text))
    )


def undocumented(entries, owner=None):
    errors = []
    for name, groups in groups_of(entries).items():
        entry = groups[0][2]
        if not any(text for _, text, _ in groups) and not explains_itself(entry, owner):
            errors.append(f"include/runnel/{entry.file}:{entry.line}: {name} has no comment")
        errors += [f"include/runnel/{entry.file}:{entry.line}: {name}::{value} has no comment"
                   for value, text in entry.values
                   if not text and any(other for _, other in entry.values)]  # fmt: skip
        errors += undocumented(entry.members, entry)
    return errors


def shown(name):
    """A qualified name for readers."""
    return RENAMED.sub(r"\1", name.removeprefix("runnel::").removeprefix("core::"))


def linked(text):
    """References to the templates of the handles and timers lead to them."""
    def link(match):
        name = f"basic_{match[1]}"
        page = "timers" if match[1] == "timer" else "channels"
        return f"[{escape(shown(name))}]({page}.md#{anchor(name)})"

    return re.sub(r"core::basic\\_(sender|receiver|timer)", link, text)


def code(signatures):
    return "```cpp\n" + "\n".join(f"{text};" for text in signatures) + "\n```\n"


def write_entry(out, groups, name, level):
    out.append(f"{'#' * level} `{shown(name) if level == 2 else shown(name).rpartition('::')[2]}`"
               f" {{ #{anchor(name)} }}\n")  # fmt: skip
    for signatures, text, entry in groups:
        out.append(code(signatures))
        if text:
            out.append(linked(text) + "\n")
        if entry.values:
            out.append("| | |\n|---|---|")
            out += [f"| `{value}` | {said} |" for value, said in entry.values]
            out.append("")
        for member, of_member in groups_of(entry.members).items():
            write_entry(out, of_member, member, level + 1)


def anchor(name):
    words = re.sub(r"[^\w:]", lambda m: f"-{ord(m[0]):x}", shown(name).lower().replace("operator ", "to-"))
    return re.sub(r"\W+", "-", words)


def write_page(page, entries):
    out = [f"# {page.title}\n", f"`#include {page.include}`\n" if "," not in page.include else
           "Headers: " + ", ".join(f"`{h.strip()}`" if h.strip().startswith("<") else h.strip()
                                   for h in page.include.split(",")) + ".\n"]  # fmt: skip
    for name, groups in groups_of(entries).items():
        write_entry(out, groups, name, 2)
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xml", type=pathlib.Path, help="the directory that Doxygen wrote")
    parser.add_argument("output", type=pathlib.Path, help="the directory of the pages")
    arguments = parser.parse_args()
    try:
        classes, free = read(arguments.xml)
        found = {page.slug: entries_of(page, classes, free) for page in PAGES}
    except Broken as error:
        sys.exit(f"api_pages: {error}")
    errors = [error for page in PAGES for error in undocumented(found[page.slug])]
    for error in errors:
        print(error, file=sys.stderr)
    arguments.output.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        text = write_page(page, found[page.slug])
        (arguments.output / f"{page.slug}.md").write_text(text, encoding="utf-8")
    print(f"API reference: {sum(len(groups_of(e)) for e in found.values())} names, {len(errors)} without a comment")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
