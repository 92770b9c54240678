#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what packaging/single_header.py makes of headers, and what it refuses."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging/single_header.py"
sys.path.insert(0, str(SCRIPT.parent))
import single_header  # pylint: disable=wrong-import-position

LICENCE = "// SPDX-License-Identifier: MIT\n"
WRONG_STANDARD = "#if __cplusplus < 202100L\n#error\n#endif\n"


def made_of(**headers):
    """The single header of runnel/NAME.hpp for each name; `runnel` stands for all."""
    with tempfile.TemporaryDirectory() as directory:
        include = pathlib.Path(directory)
        (include / "runnel").mkdir()
        for name, text in headers.items():
            (include / f"runnel/{name}.hpp").write_text(text)
        return single_header.amalgamate(include, "the licence")


class SingleHeader(unittest.TestCase):
    def test_each_header_once_where_it_is_first_included(self):
        a = LICENCE + "#pragma once\n#include <runnel/b.hpp>\nint a;\n"
        b = LICENCE + "#pragma once\nint b;\n"
        text = made_of(runnel=LICENCE + "#include <runnel/a.hpp>\n#include <runnel/b.hpp>\n", a=a, b=b)
        self.assertEqual([line for line in text.splitlines() if line.startswith("int")],
                         ["int b;", "int a;"])
        self.assertEqual(text.count("#pragma once"), 1)
        self.assertEqual(text.count("SPDX"), 1)
        self.assertIn("// the licence\n", text)
        self.assertNotIn("#include", text)

    def test_standard_headers_come_together(self):
        a = LICENCE + "#include <new>\n#include <atomic>\nint a;\n"
        text = made_of(runnel=LICENCE + WRONG_STANDARD + "#include <runnel/a.hpp>\n#include <new>\n", a=a)
        self.assertIn("\n#include <atomic>\n#include <new>\nint a;\n", text)
        self.assertEqual(text.count("#include"), 2)
        # Before them stands what speaks of the language they need.
        self.assertLess(text.index("#error"), text.index("#include"))

    def test_standard_headers_stay_under_their_condition(self):
        body = "#if A\n#include <linux/futex.h>\n#else\n#  include <mutex>\n#endif\n#include <bit>\n"
        text = made_of(runnel=LICENCE + body)
        self.assertIn(body.replace("#include <bit>\n", ""), text)
        self.assertEqual(text.count("#include <bit>"), 1)

    def test_what_is_refused(self):
        own_under_condition = LICENCE + "#if A\n#include <runnel/b.hpp>\n#endif\n"
        for runnel, why in ((own_under_condition, "runnel/runnel.hpp:3: <runnel/b.hpp> is neither"),
                            (LICENCE + '#include "b.hpp"\n', "runnel/runnel.hpp:2"),
                            (LICENCE + "#include <runnel/none.hpp>\n", "there is no"),
                            ("int a;\n", "does not begin")):
            with self.subTest(why), self.assertRaisesRegex(single_header.Unsuitable, why):
                made_of(runnel=runnel, b=LICENCE)

    def test_the_same_each_time(self):
        with tempfile.TemporaryDirectory() as directory:
            texts = []
            for seed in ("1", "2"):
                output = pathlib.Path(directory) / seed / "runnel_single.hpp"
                subprocess.run([sys.executable, SCRIPT, output], check=True, cwd=directory,
                               env={**os.environ, "PYTHONHASHSEED": seed})
                texts.append(output.read_bytes())
            self.assertEqual(*texts)
            self.assertNotIn(b"#include <runnel/", texts[0])
            self.assertNotIn(directory.encode(), texts[0])


if __name__ == "__main__":
    sys.exit(unittest.main())
