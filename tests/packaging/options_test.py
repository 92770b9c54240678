#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that docs/building.md lists the options that there are, and that presets ask for what they
need: an option that is AUTO in CI would leave tests out where a package is missing."""

import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTION = re.compile(r"^ *option\((\w+) \"[^\"]*\" (\S+)\)", re.MULTILINE)
AUTO = re.compile(r"^ *runnel_auto_option\((\w+)", re.MULTILINE)
CACHED = re.compile(r"^ *set\((RUNNEL_\w+) (\S+) CACHE (?!INTERNAL)", re.MULTILINE)
ROW = re.compile(r"^\| `(RUNNEL_\w+)` \| ([^|]*) \|", re.MULTILINE)


def options():
    """The options of all CMake files, each with its default."""
    found = {}
    lists = (path for depth in ("", "*/", "*/*/") for path in ROOT.glob(depth + "CMakeLists.txt"))
    for path in (*lists, *ROOT.glob("cmake/*.cmake")):
        text = path.read_text(encoding="utf-8")
        found.update(OPTION.findall(text) + CACHED.findall(text))
        found.update((name, "AUTO") for name in AUTO.findall(text))
    return found


def preset_variables(presets, name):
    preset = presets[name]
    inherited = preset.get("inherits", [])
    found = {}
    for parent in [inherited] if isinstance(inherited, str) else reversed(inherited):
        found.update(preset_variables(presets, parent))
    found.update(preset.get("cacheVariables", {}))
    return found


class Options(unittest.TestCase):
    def test_the_table_lists_them_all(self):
        page = (ROOT / "docs/building.md").read_text(encoding="utf-8")
        listed = dict(ROW.findall(page))
        defaults = options()
        self.assertEqual(sorted(listed), sorted(defaults))
        said = {"${PROJECT_IS_TOP_LEVEL}": "top level", "AUTO": "`AUTO`", "ON": "`ON`",
                "OFF": "`OFF`", '""': "empty"}
        for name, default in defaults.items():
            with self.subTest(name):
                self.assertTrue(listed[name] == said.get(default) or default == "${seconds}")

    def test_presets_leave_nothing_to_what_is_found(self):
        presets = json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]
        named = {preset["name"]: preset for preset in presets}
        automatic = [name for name, default in options().items() if default == "AUTO"]
        self.assertGreater(len(automatic), 0)
        for name in (preset["name"] for preset in presets if not preset.get("hidden")):
            variables = preset_variables(named, name)
            with self.subTest(name):
                self.assertEqual([o for o in automatic if variables.get(o) not in ("ON", "OFF")], [])
                self.assertEqual(variables["RUNNEL_BUILD_TESTS"], "ON")


if __name__ == "__main__":
    sys.exit(unittest.main())
