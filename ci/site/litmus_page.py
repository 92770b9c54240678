#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the page in which litmus tests are run, one file that needs nothing else: the core of `runnel litmus` as a module
of WebAssembly, and src/litmus/page around it. Compiles with Clang 19 for wasm32-wasi; Debian's packages are lld-19,
libc++-19-dev-wasm32, libclang-rt-19-dev-wasm32 and wasi-libc. Prints its size, raw and compressed."""

import argparse
import base64
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys

from litmus_links import without_comments

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "src" / "litmus" / "page"
MODEL = [ROOT / "src" / "model" / f"{part}.cpp" for part in ("graph", "explorer", "psc", "cxx20_order")]
CLANG = ["clang++-19", "--target=wasm32-wasi", "-std=c++23", "-O2", "-DNDEBUG", "-fno-exceptions", "-fno-rtti"]
LINK = ["-mexec-model=reactor", "-fuse-ld=lld", "-Wl,--strip-all", "-Wl,-z,stack-size=1048576"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
COMMENT = re.compile(r"^(?:\(\* (.*) \*\)|// (.*))$", re.M)
LICENSE = "SPDX-License-Identifier"


class Broken(Exception):
    """What the page cannot be made from."""


def compile_module(folder):
    """The bytes of the module."""
    missing = [tool for tool in ("clang++-19", "wasm-ld-19") if not shutil.which(tool)]
    if missing:
        raise Broken(f"there is no {' and no '.join(missing)}; ci/setup --docs installs what the page needs")
    folder.mkdir(parents=True, exist_ok=True)
    core = folder / "core.cpp"  # as one: the headers take longer than what is in the files
    sources = [*sorted((ROOT / "src" / "litmus").glob("*.cpp")), PAGE / "module.cpp"]
    core.write_text("".join(f'#include "{source}"\n' for source in sources))
    flags = [*CLANG, *WARNINGS, f"-I{ROOT / 'src'}", f"-I{ROOT / 'include'}", "-c"]
    ccache = ["ccache"] if shutil.which("ccache") else []
    running = []
    for source in (core, *MODEL):
        object_file = folder / f"{source.stem}.o"
        running.append((object_file, subprocess.Popen([*ccache, *flags, source, "-o", object_file])))
    statuses = [process.wait() for _, process in running]
    if any(statuses):
        raise Broken("the core does not compile to WebAssembly; ci/setup --docs installs what that needs")
    module = folder / "litmus.wasm"
    if subprocess.run([*CLANG, *LINK, *(file for file, _ in running), "-o", module], check=False).returncode:
        raise Broken("the module of WebAssembly cannot be linked; ci/setup --docs installs what that needs")
    return module.read_bytes()


def example(name):
    """An example with what its comment says of it."""
    text = (PAGE / "examples" / f"{name}.litmus").read_text(encoding="utf-8")
    about = [first or second for first, second in COMMENT.findall(text) if LICENSE not in first + second]
    if len(about) != 1:
        raise Broken(f"{name}.litmus has not one line of a comment that says what it is about")
    return {"name": name, "about": about[0], "text": without_comments(text)}


def examples():
    groups = json.loads((PAGE / "examples.json").read_text(encoding="utf-8"))
    made = [{"group": group, "programs": [example(name) for name in names]} for group, names in groups.items()]
    named = {program["name"] for group in made for program in group["programs"]}
    unnamed = {path.stem for path in (PAGE / "examples").glob("*.litmus")} - named
    if unnamed:
        raise Broken(f"not in examples.json: {', '.join(sorted(unnamed))}")
    return made


def without_license(text):
    return re.sub(r"^(// |/\* )SPDX-License-Identifier: MIT( \*/)?\n(//\n)?", "", text)


def page_with(module):
    parts = {
        "style": without_license((PAGE / "page.css").read_text(encoding="utf-8")),
        "module": base64.b64encode(module).decode(),
        # Nothing in it may end the element that it is in.
        "examples": json.dumps(examples(), ensure_ascii=False).replace("<", "\\u003c"),
    }
    for script in ("engine", "drawing", "page"):
        parts[script] = without_license((PAGE / f"{script}.js").read_text(encoding="utf-8"))
    template = (PAGE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], template)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, help="the file that is written")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "wasm", help="for what is compiled")
    arguments = parser.parse_args()
    try:
        module = compile_module(arguments.build)
        page = page_with(module).encode()
    except Broken as error:
        print(f"litmus_page.py: {error}", file=sys.stderr)
        return 1
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(page)
    sizes = [f"{len(bytes_) / 1000:.0f} kB ({len(gzip.compress(bytes_)) / 1000:.0f} kB compressed)" for bytes_ in (page, module)]
    print(f"The page of litmus tests has {sizes[0]}, of which its module {sizes[1]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
