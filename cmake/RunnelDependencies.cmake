# SPDX-License-Identifier: MIT
#
# What tests and tools are made with; the library needs none of it. An installed package is taken if
# there is one. RUNNEL_FETCH_DEPENDENCIES downloads what is missing, pinned by commit.

set(runnel_downloadable GTest rapidcheck CLI11 nlohmann_json Relacy)

# Whether `need` is installed, or could be downloaded: a CMake package, or one of those named below.
function(runnel_find need result)
  if(need STREQUAL "Boost.Context")
    find_package(Boost QUIET GLOBAL COMPONENTS context)
    set(found ${Boost_FOUND})
  elseif(need STREQUAL "Relacy")
    find_path(RUNNEL_RELACY_DIR relacy/relacy.hpp)
    set(found ${RUNNEL_RELACY_DIR})
  elseif(need STREQUAL "GMP")
    find_path(RUNNEL_GMP_DIR gmpxx.h)
    find_library(RUNNEL_GMP gmp)
    find_library(RUNNEL_GMPXX gmpxx)
    set(found FALSE)
    if(RUNNEL_GMP_DIR AND RUNNEL_GMP AND RUNNEL_GMPXX)
      set(found TRUE)
    endif()
  elseif(need STREQUAL "libdw")
    find_path(RUNNEL_LIBDW_DIR elfutils/libdwfl.h)
    find_library(RUNNEL_LIBDW dw)
    set(found FALSE)
    if(RUNNEL_LIBDW_DIR AND RUNNEL_LIBDW)
      set(found TRUE)
    endif()
  elseif(need STREQUAL "Asio")
    find_path(RUNNEL_ASIO_DIR asio/version.hpp)
    set(found ${RUNNEL_ASIO_DIR})
  elseif(need STREQUAL "gdb")
    find_program(RUNNEL_GDB gdb)
    set(found ${RUNNEL_GDB})
  elseif(need STREQUAL "Spin")
    find_program(RUNNEL_SPIN spin)
    set(found ${RUNNEL_SPIN})
  else()
    find_package(${need} QUIET GLOBAL)
    set(found ${${need}_FOUND})
  endif()
  if(found OR (RUNNEL_FETCH_DEPENDENCIES AND need IN_LIST runnel_downloadable))
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

function(runnel_report_missing what debian_package)
  set(or_else "")
  if(what IN_LIST runnel_downloadable)
    set(or_else ", or let CMake download it with -DRUNNEL_FETCH_DEPENDENCIES=ON")
  endif()
  message(FATAL_ERROR "${what} is missing. Install it (Debian: ${debian_package})${or_else}.")
endfunction()

# Finds the CMake package `package`, or downloads it; the targets that it then defines are listed
# last, so that compilers do not warn of their headers.
function(runnel_need package debian_package repository commit)
  find_package(${package} QUIET GLOBAL)
  if(${package}_FOUND)
    return()
  endif()
  if(NOT RUNNEL_FETCH_DEPENDENCIES)
    runnel_report_missing(${package} ${debian_package})
  endif()
  include(FetchContent)
  FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${commit})
  FetchContent_MakeAvailable(${package})
  set_target_properties(${ARGN} PROPERTIES SYSTEM ON)
endfunction()

function(runnel_need_googletest)
  if(NOT TARGET GTest::gtest)
    set(INSTALL_GTEST OFF)
    # v1.14.0
    runnel_need(GTest libgtest-dev https://github.com/google/googletest.git
                f8d7d77c06936315286eb55f8de22cd23c188571 gtest gtest_main)
  endif()
endfunction()

function(runnel_need_cli11)
  if(NOT TARGET CLI11::CLI11)
    # v2.3.2
    runnel_need(CLI11 libcli11-dev https://github.com/CLIUtils/CLI11.git
                291c58789c031208f08f4f261a858b5b7083e8e2 CLI11)
  endif()
endfunction()

function(runnel_need_json)
  if(NOT TARGET nlohmann_json::nlohmann_json)
    # v3.11.3
    runnel_need(nlohmann_json nlohmann-json3-dev https://github.com/nlohmann/json.git
                9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03 nlohmann_json)
  endif()
endfunction()

function(runnel_need_rapidcheck)
  if(NOT TARGET rapidcheck)
    # The commit that Debian 12 packages.
    runnel_need(rapidcheck librapidcheck-dev https://github.com/emil-e/rapidcheck.git
                08b505857e32d52a20b2240b5125d937d67a6d86 rapidcheck)
  endif()
endfunction()

# GMP has no CMake package, and is taken from the system only. Target: runnel_gmp, with its C++ interface.
function(runnel_need_gmp)
  if(TARGET runnel_gmp)
    return()
  endif()
  runnel_find(GMP found)
  if(NOT found)
    runnel_report_missing(GMP libgmp-dev)
  endif()
  add_library(runnel_gmp INTERFACE)
  target_include_directories(runnel_gmp SYSTEM INTERFACE ${RUNNEL_GMP_DIR})
  target_link_libraries(runnel_gmp INTERFACE ${RUNNEL_GMPXX} ${RUNNEL_GMP})
endfunction()

# Relacy has no CMake package: headers only. Target: runnel_relacy.
function(runnel_need_relacy)
  if(TARGET runnel_relacy)
    return()
  endif()
  find_path(RUNNEL_RELACY_DIR relacy/relacy.hpp)
  if(NOT RUNNEL_RELACY_DIR)
    if(NOT RUNNEL_FETCH_DEPENDENCIES)
      runnel_report_missing(Relacy relacy-dev)
    endif()
    include(FetchContent)
    # The commit that Debian 12 packages.
    FetchContent_Declare(relacy GIT_REPOSITORY https://github.com/dvyukov/relacy.git
                         GIT_TAG acc09bbe65a1837a08912774c7fed178547514e6)
    FetchContent_MakeAvailable(relacy)
    set(RUNNEL_RELACY_DIR ${relacy_SOURCE_DIR})
  endif()
  add_library(runnel_relacy INTERFACE)
  target_include_directories(runnel_relacy SYSTEM INTERFACE ${RUNNEL_RELACY_DIR})
  # It replaces global operator new, but not the sized operator delete.
  target_compile_options(runnel_relacy INTERFACE -fno-sized-deallocation)
endfunction()

# Standalone Asio is headers without a CMake package, and taken from the system only. Target: runnel_asio.
function(runnel_need_asio)
  if(TARGET runnel_asio)
    return()
  endif()
  runnel_find(Asio found)
  if(NOT found)
    runnel_report_missing(Asio libasio-dev)
  endif()
  add_library(runnel_asio INTERFACE)
  target_include_directories(runnel_asio SYSTEM INTERFACE ${RUNNEL_ASIO_DIR})
  # Asio 1.22 does not know that Clang with libstdc++ has coroutines.
  target_compile_definitions(runnel_asio INTERFACE RUNNEL_BOOST_ASIO=0 ASIO_HAS_CO_AWAIT=1)
endfunction()

# Boost.Context is taken from the system only: it has to be built for the processor. Target:
# Boost::context.
function(runnel_need_boost_context)
  if(TARGET Boost::context)
    return()
  endif()
  find_package(Boost QUIET GLOBAL COMPONENTS context)
  if(NOT TARGET Boost::context)
    runnel_report_missing(Boost.Context libboost-context-dev)
  endif()
endfunction()
