#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compiler (CXX) says first about a mistake, and that it says little else."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

INCLUDE = pathlib.Path(__file__).parents[2] / "include"
MINIMAL = pathlib.Path(__file__).parents[2] / "property_tests/execution"
CHANNEL = "#include <runnel/mpsc.hpp>\nint main() {{ (void)runnel::mpsc::channel<{}>(); }}\n"


def errors(source, standard="c++23", more=()):
    """The errors of a compilation, without where they are."""
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work, "program.cpp")
        path.write_text(source, encoding="utf-8")
        command = [os.environ["CXX"], f"-std={standard}", "-fsyntax-only", "-I", INCLUDE, *more, path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0, "it compiles"
    return re.findall(r"\berror: (.*)", done.stderr)


class FirstError(unittest.TestCase):
    def test_an_older_language(self):
        for standard in ("c++17", "c++20"):
            said = errors("#include <runnel/mpsc.hpp>\n", standard)
            self.assertRegex(said[0], "Runnel needs C\\+\\+23: compile with -std=c\\+\\+23, and GCC 12, Clang 19")
            self.assertEqual(len(said), 2, said)  # the other ends the compilation

    def test_each_public_header_asks_for_the_language_first(self):
        public = [*INCLUDE.glob("runnel/*.hpp"), *INCLUDE.glob("runnel/model/*.hpp")]
        self.assertGreater(len(public), 5)
        for header in public:
            first = re.search(r"^#include.*", header.read_text(encoding="utf-8"), re.M)
            self.assertEqual(first[0], "#include <runnel/core/language.hpp>", header)

    def test_what_cannot_be_a_message(self):
        for wrong, advice in (
            ("void", "send an empty struct, or"),
            ("int&", "send the value, a pointer or a std::reference_wrapper"),
            ("const int", "leave that out"),
            ("int[3]", "send a std::array"),
            ("void()", "send a pointer to it"),
        ):
            said = errors(CHANNEL.format(wrong))
            self.assertIn("static assertion failed", said[0])
            self.assertIn(advice, said[0])
            self.assertLessEqual(len(said), 3, said)  # Clang misses what such handles would have

    def test_a_token_without_its_header(self):
        for header, wait in (
            ("mpsc", "channels.second.recv(token)"),
            ("mpsc", "channels.second.recv_for(std::chrono::seconds(1), token)"),
            ("mpsc", "channels.first.send(1, token)"),
            ("select", "runnel::select(token, runnel::on_recv(channels.second, [](auto) {}))"),
        ):
            said = errors(f"#include <runnel/mpsc.hpp>\n#include <runnel/{header}.hpp>\n#include <stop_token>\n"
                          "int main() { auto channels = runnel::mpsc::channel<int>(); std::stop_token token; "
                          f"(void){wait}; }}\n")
            self.assertIn("<runnel/stop.hpp> has to be included", said[0])
            self.assertLessEqual(len(said), 3, said)

    def test_coroutines_that_nobody_resumes(self):
        task = ("#include <runnel/async.hpp>\n#include <runnel/mpsc.hpp>\n"
                "struct task { struct promise_type { task get_return_object(); std::suspend_never initial_suspend(); "
                "std::suspend_never final_suspend() noexcept; void return_void(); void unhandled_exception(); }; };\n"
                "task f(runnel::mpsc::receiver<int> rx, void* p) {{ (void)p; (void)co_await {}; }}\n")
        for awaited, advice in (
            ("runnel::async_recv(rx)", "who resumes this coroutine"),
            ("runnel::async_recv(rx, [p](std::coroutine_handle<>) { (void)p; })", "must not throw"),
            ("runnel::async_recv(rx, [p, q = p, r = p](std::coroutine_handle<>) noexcept "
             "{ (void)p, (void)q, (void)r; })", "let it point to the executor"),
        ):
            said = errors(task.replace("{{", "{").replace("}}", "}").replace("{};", awaited + ";"))
            self.assertIn(advice, said[0])

    def test_senders_without_a_scheduler(self):
        said = errors("#include \"minimal.hpp\"\n#define RUNNEL_EXECUTION_NAMESPACE ::minimal\n"
                      "#include <runnel/execution.hpp>\n#include <runnel/mpsc.hpp>\n#include <runnel/stop.hpp>\n"
                      "struct r { using receiver_concept = minimal::receiver_t; void set_value(int) noexcept; "
                      "void set_error(runnel::recv_errc) noexcept; void set_stopped() noexcept; };\n"
                      "void f(const runnel::mpsc::receiver<int>& rx) "
                      "{ auto o = minimal::connect(runnel::execution::recv(rx), r()); minimal::start(o); }\n",
                      more=("-I", MINIMAL))
        self.assertIn("where does this operation complete", said[0])

    def test_senders_without_std_execution(self):
        said = errors("#include <runnel/execution.hpp>\n")
        self.assertIn("needs std::execution of C++26, or <stdexec/execution.hpp>", said[0])

    def test_handles_go_by_their_names(self):
        said = errors("#include <runnel/mpsc.hpp>\nint main() { runnel::mpsc::channel<int>().second.get(); }\n")
        self.assertRegex(said[0], "runnel::mpsc::receiver<int>")
        self.assertNotIn("core", said[0])


if __name__ == "__main__":
    unittest.main()
