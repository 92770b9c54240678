#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that an order site costs nothing on std_platform, and without assertions the misuse detector neither.

For each atomic operation of the platform, type and memory order, two functions are compiled: one
calls the operation with an order site, the other std::atomic with the plain order. They must have
the same instructions, and, in the compiler's intermediate form, the same atomic operations with the
same orders (an x86 instruction may hide a difference in the order).

Machine code alone would not do on other processors either: GCC 12 makes of a compare-exchange with the
orders (relaxed, acquire), whose failure is the stronger, one with acq_rel on AArch64 (casal), which
Clang 19 makes an acquire (casa). And neither can such code show that an order is too weak.

A receive of the one receiver is compiled with the detector's guard and without: with NDEBUG they are the same.

With --plant, two of the functions get another order, and NDEBUG is left out; the check must report just these three.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

TYPES = {"u8": "std::uint8_t", "u32": "std::uint32_t", "u64": "std::uint64_t", "ptr": "int*"}
ORDERS = ["relaxed", "acquire", "release", "acq_rel", "seq_cst"]
READ_MODIFY_WRITE = ["fetch_add", "fetch_sub", "fetch_or"]
CAS_ORDERS = [("relaxed", "relaxed"), ("acquire", "relaxed"), ("release", "relaxed"),
              ("acq_rel", "acquire"), ("seq_cst", "relaxed"), ("seq_cst", "seq_cst")]
# Shown in the instructions, and in the intermediate form only.
PLANTED = {"store_u32_seq_cst": "release", "load_u64_acquire": "relaxed"}
RECEIVE = "receive"

PREAMBLE = """
#include <runnel/core/channel.hpp>
#include <runnel/core/std_platform.hpp>
#include <atomic>
#include <cstdint>
using runnel::core::at;
template <class T> using tagged = runnel::core::std_platform::atomic<T>;
template <class T> using plain = std::atomic<T>;

using platform = runnel::core::std_platform;
using channel = runnel::core::channel<platform, std::uint64_t, runnel::core::shipped_parts<platform>,
                                      runnel::core::receivers::one>;
extern "C" std::uint64_t tagged_receive(channel& c) {
  [[maybe_unused]] const auto in_progress = c.receiving();
  return *c.visit([](auto& flavour) { return flavour.recv_if_there(); });
}
extern "C" std::uint64_t plain_receive(channel& c) {
  return *c.visit([](auto& flavour) { return flavour.recv_if_there(); });
}
"""


def operations():
    """Yields (name, signature, call, orders); in both, {A} and {O} stand for atomic and orders."""
    for short, t in TYPES.items():
        for o in ("relaxed", "acquire", "seq_cst"):
            yield f"load_{short}_{o}", t, f"const {{A}}<{t}>& a", "return a.load({O});", (o,)
        for o in ("relaxed", "release", "seq_cst"):
            yield (f"store_{short}_{o}", "void", f"{{A}}<{t}>& a, {t} v", "a.store(v, {O});", (o,))
        for o in ORDERS:
            for op in ["exchange"] + (READ_MODIFY_WRITE if short != "ptr" else []):
                yield (f"{op}_{short}_{o}", t, f"{{A}}<{t}>& a, {t} v",
                       f"return a.{op}(v, {{O}});", (o,))
        for success, failure in CAS_ORDERS:
            for strength in ("weak", "strong"):
                op = f"compare_exchange_{strength}"
                yield (f"{op}_{short}_{success}_{failure}", "bool",
                       f"{{A}}<{t}>& a, {t}& e, {t} v", f"return a.{op}(e, v, {{O}});",
                       (success, failure))
    for o in ("acquire", "release", "acq_rel", "seq_cst"):
        yield f"fence_{o}", "void", "", "{F}({O});", (o,)


def names():
    return [name for name, *_ in operations()] + [RECEIVE]


def source(plant):
    lines = [PREAMBLE]
    for name, returns, parameters, body, orders in operations():
        for kind in ("tagged", "plain"):
            used = orders
            if kind == "tagged" and plant and name in PLANTED:
                used = (PLANTED[name],) + orders[1:]
            order = ", ".join(f"std::memory_order::{o}" for o in used)
            fence = "std::atomic_thread_fence"
            if kind == "tagged":
                order = f'at<"site">({order})'
                fence = "runnel::core::std_platform::fence"
            text = body.replace("{O}", order).replace("{F}", fence)
            lines.append(f'extern "C" {returns} {kind}_{name}({parameters.replace("{A}", kind)})'
                         f" {{ {text} }}")
    return "\n".join(lines) + "\n"


def instructions(assembly):
    """The instructions of each function, without directives; labels numbered as they come."""
    functions = {}
    for match in re.finditer(r"^(\w+):[^\n]*\n(.*?)^\s*\.size\s+\1,", assembly, re.M | re.S):
        labels = {}
        body = []
        for line in match[2].splitlines():
            line = re.sub(r"\s#\s.*$", "", line).strip()
            if not line or line.startswith(("#", "//", ";")):
                continue
            line = re.sub(r"\.L\w+", lambda m: labels.setdefault(m[0], f"label{len(labels)}"), line)
            if not line.startswith("."):
                body.append(re.sub(r"\s+", " ", line))
        functions[match[1]] = body
    return functions


def orders_in_llvm(text):
    """The atomic operations of each function, with their orders, from LLVM's form."""
    functions = {}
    for match in re.finditer(r"^define [^@]*@(\w+)\((.*?)^}", text, re.M | re.S):
        found = re.findall(r"\b(load|store|cmpxchg weak|cmpxchg|atomicrmw \w+|fence)\b"
                           r"[^\n]*?((?: (?:monotonic|acquire|release|acq_rel|seq_cst)\b)+)",
                           match[2])
        functions[match[1]] = [operation + orders for operation, orders in found]
    return functions


def orders_in_gcc(text):
    """The same from GCC's form, where orders are the numbers among the arguments."""
    functions = {}
    for match in re.finditer(r"^;; Function \w+ \((\w+),.*?\n(.*?)^}", text, re.M | re.S):
        calls = re.findall(r"(__atomic_\w+|__sync_synchronize|\.ATOMIC_\w+) \(([^;]*)\);", match[2])
        functions[match[1]] = [
            f"{operation}({', '.join(a for a in re.split(', *', arguments) if a.isdigit())})"
            for operation, arguments in calls]
    return functions


def compile_source(compiler, include, text, assertions):
    """Compiles the text; returns the instructions and the orders of each function."""
    version = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True)
    clang = "clang" in version.stdout
    with tempfile.TemporaryDirectory() as directory:
        at = pathlib.Path(directory)
        (at / "pairs.cpp").write_text(text)
        command = [compiler, "-std=c++23", "-O2", "-fno-asynchronous-unwind-tables", "-S",
                   "-I", include, str(at / "pairs.cpp")] + ([] if assertions else ["-DNDEBUG"])
        if clang:
            subprocess.run(command + ["-emit-llvm", "-o", str(at / "pairs.ir")], check=True)
            subprocess.run(command + ["-o", str(at / "pairs.s")], check=True)
        else:
            # Else GCC would compile one function of each pair as a jump to the other.
            command.append("-fno-ipa-icf")
            dump = f"-fdump-tree-optimized={at / 'pairs.ir'}"
            subprocess.run(command + [dump, "-o", str(at / "pairs.s")], check=True)
        orders = (orders_in_llvm if clang else orders_in_gcc)((at / "pairs.ir").read_text())
        return instructions((at / "pairs.s").read_text()), orders


def differences(code, orders):
    """The names of the pairs that differ; prints what differs."""
    found = []
    for name in names():
        for what, functions in (("instructions", code), ("memory orders", orders)):
            tagged, plain = functions.get("tagged_" + name), functions.get("plain_" + name)
            if not tagged or not plain:
                sys.exit(f"codegen: no {what} found for {name}: the output was not understood")
            if tagged != plain and name not in found:
                found.append(name)
                print(f"{name}: other {what}\n  site-tagged: {tagged}\n  plain:       {plain}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include", required=True, help="the library's include directory")
    parser.add_argument("--plant", action="store_true", help="plant differences, expect just these")
    arguments = parser.parse_args()
    found = differences(*compile_source(arguments.compiler, arguments.include,
                                        source(arguments.plant), arguments.plant))
    expected = sorted([*PLANTED, RECEIVE]) if arguments.plant else []
    print(f"{len(names())} pairs compared, {len(found)} differ, {len(expected)} expected")
    return 0 if sorted(found) == expected else 1


if __name__ == "__main__":
    sys.exit(main())
