#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What surrounds the runnel command: its pages of the manual, its completion in bash, its installation.

PROGRAM is the command, BUILD its build directory, CMAKE is cmake.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["PROGRAM"]
BUILD = pathlib.Path(os.environ["BUILD"])
SCRIPT = ROOT / "packaging/completions/runnel.bash"


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    return done.stdout + done.stderr


def complete(*words, script=SCRIPT):
    """What bash would put in the place of the last word; readline breaks words at : and = before."""
    code = """
        source "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        _runnel "$PROGRAM"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    shell = ["bash", "--norc", "-c", code, "bash", str(script), "runnel", *words]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return [line for line in done.stdout.split("\n") if line]


class Manual(unittest.TestCase):
    def pages(self):
        pages = {page.stem: page for page in (BUILD / "man").glob("*.1")}
        commands = run(PROGRAM, "complete", "").split()
        self.assertEqual(set(pages), {"runnel", *(f"runnel-{c}" for c in commands)})
        return pages

    def test_each_page_has_each_option_and_command(self):
        for name, page in self.pages().items():
            words = name.split("-")[1:]
            told = run("man", "-l", page, env={**os.environ, "LC_ALL": "C", "MANWIDTH": "120"})
            completed = run(PROGRAM, "complete", *words, "--").split()
            self.assertGreater(len(completed), 1, name)
            for option in completed:
                self.assertRegex(told, rf"(?m)^ +(-\w, )?{option}\b", name)
            for command in run(PROGRAM, "complete", "").split():
                self.assertIn(f"runnel-{command}(1)" if name != f"runnel-{command}" else name, told)
            self.assertIn("EXAMPLES\n", told, name)
            examples = re.findall(r"(?m)^  (runnel .*)$", run(PROGRAM, *words, "--help"))
            for example in examples:
                self.assertRegex(told, rf"(?m)^ +{re.escape(example)}$", name)

    def test_formatters_have_nothing_to_say(self):
        for page in self.pages().values():
            self.assertEqual(run("mandoc", "-Tlint", page), "")
            quiet = {"env": {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}}
            done = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                                  check=True, **quiet)
            self.assertEqual(done.stderr, "")


class Completion(unittest.TestCase):
    def test_commands_and_options(self):
        self.assertEqual(complete("or"), ["orders"])
        self.assertEqual(complete("check", "--l"), ["--limit", "--long", "--list"])
        self.assertEqual(complete("check", "--engine", "re"), ["relacy"])
        self.assertEqual(complete("explain", "--in", "=", "mp"), ["mpsc", "mpmc"])
        self.assertEqual(complete("explain", "--in", "="), ["mpsc", "mpmc"])
        self.assertEqual(complete("explain", "ring.pub"), ["ring.publish"])

    def test_names_are_quoted_as_the_word_is(self):
        name = "the mutex excludes (two threads)"
        self.assertEqual(complete("check", r"the\ mutex\ excludes\ \(two\ threads\)"),
                         [name.replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")])
        self.assertEqual(complete("check", f"'{name}"), [name])
        self.assertEqual(complete("check", f'"{name}'), [name])

    def test_names_with_a_colon(self):
        """bash gives them in parts, and puts what it gets in the place of the last one."""
        self.assertEqual(complete("check", "broken", ":", r"\ the\ mutex\ is\ released"),
                         [r"\ the\ mutex\ is\ released\ relaxed"])

    def test_files_are_left_to_bash(self):
        self.assertEqual(complete("check", "--json", ""), [])
        self.assertIn("complete -o default", SCRIPT.read_text())

    def test_a_program_that_fails_completes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder) / "runnel.bash"
            script.write_text(SCRIPT.read_text().replace('"$1" complete', "false complete"))
            self.assertEqual(complete("or", script=script), [])


class Installation(unittest.TestCase):
    def test_the_component_has_all_that_belongs_to_the_command(self):
        with tempfile.TemporaryDirectory() as folder:
            said = run(os.environ["CMAKE"], "--install", BUILD, "--component", "command", "--prefix",
                       folder)
            top = pathlib.Path(folder)
            files = {str(f.relative_to(top)) for f in top.rglob("*") if f.is_file()}
            pages = {f"share/man/man1/{page.name}" for page in (BUILD / "man").glob("*.1")}
            self.assertEqual(files, {"bin/runnel", "share/bash-completion/completions/runnel",
                                     "share/zsh/site-functions/_runnel",
                                     "share/fish/vendor_completions.d/runnel.fish", *pages}, said)
            self.assertIn("runnel ", run(top / "bin/runnel", "--version"))


if __name__ == "__main__":
    unittest.main()
