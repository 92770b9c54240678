#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gdb (GDB) shows of the handles of a program (PROGRAM, of handles.cpp), and that a mistake in the
printers would be seen."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PRINTERS = pathlib.Path(__file__).parents[2] / "gdb/runnel_printers.py"
PROGRAM = pathlib.Path(os.environ["PROGRAM"])
FULL = "a bounded channel: 3 of 3 messages, 3 senders (2 blocked), 1 receiver"
LIST = "an unbounded channel: 150 messages, 1 sender, 1 receiver"
MANY = "an unbounded channel: 0 messages, 1 sender, 3 receivers (1 blocked)"
MEET = "a rendezvous: 3 senders (1 blocked), 1 receiver"
# As both standard libraries name them.
STRING = r"std::(__1|__cxx11)::basic_string<.*> ?"
POINTER = r"std::(__1::)?unique_ptr<int, .*> ?"
EXPECTED = {
    "full_tx": f"runnel::mpsc::sender<int> of {FULL}",
    "full_rx": f"runnel::mpsc::receiver<int> of {FULL}",
    "full_reference": f"runnel::mpsc::sender<int> of {FULL}",
    "list_tx": f"runnel::mpsc::sender<STRING> of {LIST}",
    "list_rx": f"runnel::mpsc::receiver<STRING> of {LIST}",
    "many_tx": f"runnel::mpmc::sender<POINTER> of {MANY}",
    "many_rx_2": f"runnel::mpmc::receiver<POINTER> of {MANY}",
    "meet_tx": f"runnel::mpmc::sender<int*> of {MEET}",
    "meet_rx": f"runnel::mpmc::receiver<int*> of {MEET}",
    "ring_tx": "runnel::mpmc::sender<long> of a bounded channel: 0 of 8 messages, 1 sender, 0 receivers",
    "ring_rx": "runnel::mpmc::receiver<long>, empty",
    "left_tx": "runnel::mpsc::sender<char>, empty",
    "left_rx": "runnel::mpsc::receiver<char> of a bounded channel: 1 of 2 messages, 0 senders, 1 receiver",
    "nameless_tx": "runnel::mpsc::sender<NAMELESS> of a channel (bounded) of which no more is known: "
                   "1 sender, 1 receiver",
    "none": "runnel::mpsc::sender<int>, empty",
    "none_rx": "runnel::mpmc::receiver<int>, empty",
    "*garbage": "runnel::mpsc::sender<int> of what is no channel, at 0x4141414141414140",
    "*elsewhere": "runnel::mpsc::receiver<int> of what is no channel, at ADDRESS",
}


def pattern(expected):
    text = re.escape(expected).replace("STRING", STRING).replace("POINTER", POINTER)
    text = text.replace("NAMELESS", ".*lambda.*")
    return "^" + text.replace("ADDRESS", "0x[0-9a-f]+") + "$"


def shown(*options, program=PROGRAM):
    """What gdb prints for each of the handles where the program stops, and all that it prints."""
    commands = ["set width 0", "set debuginfod enabled off", "break stop_here", "run", "up"]
    for what in EXPECTED:
        commands += [f"echo \\n@{what}@", f"output {what}"]
    arguments = [part for command in commands for part in ("-ex", command)]
    done = subprocess.run([os.environ["GDB"], "-nx", "-batch", *options, *arguments, program],
                          capture_output=True, text=True, check=False, timeout=120)
    return dict(re.findall(r"^@(.*?)@(.*)", done.stdout, re.M)), done.stdout + done.stderr


class Gdb(unittest.TestCase):
    def expect_all(self, found, output):
        for what, expected in EXPECTED.items():
            self.assertRegex(found.get(what, "nothing"), pattern(expected), output)
        self.assertNotIn("Python Exception", output)

    def test_the_printers_are_loaded_with_the_program(self):
        self.expect_all(*shown("-iex", f"add-auto-load-safe-path {PROGRAM.parent}"))

    def test_they_can_be_sourced(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            # A program without the script beside it.
            alone = shutil.copy(PROGRAM, elsewhere)
            found, _ = shown(program=alone)
            self.assertIn("channel_ = ", found["full_tx"])
            self.expect_all(*shown("-x", PRINTERS, program=alone))

    def test_a_mistake_in_the_printers_is_seen(self):
        text = PRINTERS.read_text(encoding="utf-8")
        for right, wrong, what in (
            ('("not_full_", "not_empty_")', '("not_empty_", "not_full_")', "full_tx"),
            ("apart if apart > 0 else capacity + apart", "apart", "full_rx"),
            ("block * length + offset", "block * laps_by + offset", "list_rx"),
        ):
            self.assertIn(right, text)
            with tempfile.TemporaryDirectory() as work:
                copy = pathlib.Path(work, "printers.py")
                copy.write_text(text.replace(right, wrong), encoding="utf-8")
                found, _ = shown("-iex", "set auto-load python-scripts off", "-x", copy)
                self.assertNotRegex(found[what], pattern(EXPECTED[what]))


if __name__ == "__main__":
    unittest.main()
