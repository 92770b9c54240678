# SPDX-License-Identifier: MIT
"""Runnel for Conan 2: headers alone, nothing is built."""

import os
import re
import shutil

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class RunnelConan(ConanFile):
    name = "runnel"
    description = "Rust-style channels for C++23 whose shipped source is model-checked"
    license = "MIT"
    topics = ("channel", "mpsc", "mpmc", "lock-free", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        header = load(self, os.path.join(self._root, "include", "runnel", "version.hpp"))
        self.version = ".".join(re.findall(r"#define RUNNEL_VERSION_\w+ (\d+)", header))

    def export_sources(self):
        shutil.copy(os.path.join(self._root, "LICENSE"), self.export_sources_folder)
        # The explorer, which is compiled, is left out.
        copy(self, "*.hpp", os.path.join(self._root, "include"),
             os.path.join(self.export_sources_folder, "include"), excludes="runnel/model/*")

    def validate(self):
        check_min_cppstd(self, 23)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "include/*.hpp", self.source_folder, self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
        # As the CMake package and the file for pkg-config call it.
        self.cpp_info.set_property("cmake_file_name", "runnel")
        self.cpp_info.set_property("cmake_target_name", "runnel::runnel")
        self.cpp_info.set_property("pkg_config_name", "runnel")
