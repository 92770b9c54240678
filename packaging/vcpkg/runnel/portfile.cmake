# SPDX-License-Identifier: MIT
#
# An overlay port: it takes the source tree that it is a part of. Headers alone.

cmake_path(SET SOURCE_PATH NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../..")
set(VCPKG_BUILD_TYPE release)

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DRUNNEL_BUILD_TESTS=OFF
    -DRUNNEL_BUILD_TOOLS=OFF
    -DRUNNEL_BUILD_MODEL=OFF
    -DRUNNEL_BUILD_EXAMPLES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/runnel)
vcpkg_fixup_pkgconfig()

# What vcpkg does not allow in a package: empty folders, and a licence under another name.
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib" "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
