# SPDX-License-Identifier: MIT
#
# Runs PORTFILE with stand-ins for what vcpkg provides: CMake installs to CURRENT_PACKAGES_DIR, with its
# build tree in WORK; what vcpkg then corrects inside of files is not done. TOOLS are arguments of CMake.

cmake_minimum_required(VERSION 3.25)
set(PORT runnel)

function(must)
  execute_process(COMMAND ${ARGV} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  must(${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${WORK} ${TOOLS} ${arg_OPTIONS} -D
       CMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -D CMAKE_INSTALL_LIBDIR=lib)
endfunction()

function(vcpkg_cmake_install)
  must(${CMAKE_COMMAND} --build ${WORK} --target install)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  set(from ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH})
  file(COPY ${from}/ DESTINATION ${CURRENT_PACKAGES_DIR}/share/${PORT})
  file(REMOVE_RECURSE ${from})
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(COPY_FILE ${arg_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright)
endfunction()

include(${PORTFILE})
