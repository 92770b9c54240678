#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what the recipes in packaging/ put in a package, without the package managers."""

import fnmatch
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
HEADERS = {str(path.relative_to(ROOT)) for path in (ROOT / "include").rglob("*.hpp")
           if "model" not in path.parts}


def version():
    header = (ROOT / "include/runnel/version.hpp").read_text()
    return ".".join(re.findall(r"#define RUNNEL_VERSION_\w+ (\d+)", header))


def files_below(directory):
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


class StandIn(types.ModuleType):
    """A module of Conan's."""

    def __init__(self, name, **members):
        super().__init__(name)
        self.__dict__.update(members)


def copy(_, pattern, src, dst, excludes=""):
    """As conan.tools.files.copy: patterns are of paths below src."""
    for name in files_below(pathlib.Path(src)):
        if fnmatch.fnmatch(name, pattern) and not fnmatch.fnmatch(name, excludes):
            target = pathlib.Path(dst) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(src) / name, target)


def load_conan_recipe():
    """The recipe's class, made with stand-ins for Conan's modules."""
    asked = []
    members = {
        "conan": {"ConanFile": type("ConanFile", (), {})},
        "conan.tools": {},
        "conan.tools.build": {"check_min_cppstd": lambda _, standard: asked.append(int(standard))},
        "conan.tools.files": {"copy": copy, "load": lambda _, path: pathlib.Path(path).read_text()},
    }
    sys.modules.update({name: StandIn(name, **found) for name, found in members.items()})
    spec = importlib.util.spec_from_file_location("recipe", PACKAGING / "conan/conanfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.RunnelConan, asked


class Conan(unittest.TestCase):
    def setUp(self):
        recipe, self.asked = load_conan_recipe()
        self.recipe = recipe()
        self.recipe.recipe_folder = str(PACKAGING / "conan")

    def test_version(self):
        self.recipe.set_version()
        self.assertEqual(self.recipe.version, version())

    def test_standard(self):
        self.recipe.validate()
        self.assertEqual(self.asked, [23])

    def test_package(self):
        with tempfile.TemporaryDirectory() as work:
            sources, package = pathlib.Path(work) / "sources", pathlib.Path(work) / "package"
            sources.mkdir()
            self.recipe.export_sources_folder = self.recipe.source_folder = str(sources)
            self.recipe.package_folder = str(package)
            self.recipe.export_sources()
            # Conan runs what follows in its cache, where the tree is not.
            self.recipe.recipe_folder = str(sources)
            self.recipe.package()
            self.assertEqual(files_below(package), HEADERS | {"licenses/LICENSE"})

    def test_info(self):
        properties = {}
        self.recipe.settings = types.SimpleNamespace(os="Linux")
        self.recipe.cpp_info = types.SimpleNamespace(set_property=properties.__setitem__)
        self.recipe.package_info()
        self.assertEqual(properties, {"cmake_file_name": "runnel", "pkg_config_name": "runnel",
                                      "cmake_target_name": "runnel::runnel"})
        self.assertEqual(self.recipe.cpp_info.system_libs, ["pthread"])
        self.assertEqual(self.recipe.cpp_info.libdirs, [])


class Vcpkg(unittest.TestCase):
    PORT = PACKAGING / "vcpkg/runnel"

    def test_manifest(self):
        manifest = json.loads((self.PORT / "vcpkg.json").read_text())
        self.assertEqual((manifest["name"], manifest["version"]), ("runnel", version()))
        # The helpers that the port calls are of these two ports, or of vcpkg itself.
        self.assertEqual([needed["name"] for needed in manifest["dependencies"]],
                         ["vcpkg-cmake", "vcpkg-cmake-config"])

    def test_package(self):
        with tempfile.TemporaryDirectory() as work:
            package = pathlib.Path(work) / "package"
            tools = f"-G;{os.environ['GENERATOR']};-DCMAKE_CXX_COMPILER={os.environ['CXX']}"
            subprocess.run(
                [os.environ["CMAKE"], f"-DPORTFILE={self.PORT / 'portfile.cmake'}",
                 f"-DCURRENT_PACKAGES_DIR={package}", f"-DWORK={work}/build", f"-DTOOLS={tools}",
                 "-P", pathlib.Path(__file__).with_name("vcpkg_stubs.cmake")], check=True)
            cmake = {f"share/runnel/{name}.cmake"
                     for name in ("RunnelGdb", "runnelConfig", "runnelConfigVersion", "runnelTargets")}
            self.assertEqual(files_below(package), HEADERS | cmake | {
                "share/pkgconfig/runnel.pc", "share/runnel/copyright",
                "share/runnel/gdb/runnel_printers.py"})
            self.assertFalse((package / "lib").exists())


if __name__ == "__main__":
    sys.exit(unittest.main())
