# SPDX-License-Identifier: MIT
#
# Builds and runs a consumer of Runnel in a fresh directory. To be given:
#
#   HOW       find_package, add_subdirectory, fetch_content (from a git repository), headers (the
#             installed ones, without CMake), pkg_config, single_header,
#             nothing_else (configured and installed where no package can be found),
#             not_built (configured with the component, and installed without a build),
#             refuse (a version that does not fit), model (the component, whose checks are run),
#             or refuse_model (the component, without Boost)
#   SOURCE    Runnel's source tree;  BUILD  its build tree;  WORK  where to work
#   COMPILER  the compiler;  FLAGS  those it is given;  GENERATOR  CMake's;  VERSION  Runnel's version
#   MAKE_PROGRAM, PYTHON, GIT, PKG_CONFIG  the programs that these need

cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
  set(output "${output}" PARENT_SCOPE)
  set(status "${status}" PARENT_SCOPE)
endfunction()

macro(must)
  run(${ARGV})
  if(NOT status EQUAL 0)
    string(JOIN " " command ${ARGV})
    message(FATAL_ERROR "${command}\nfailed with ${status}:\n${output}")
  endif()
endmacro()

# Compiles the consumer with these arguments alone.
macro(must_compile)
  file(MAKE_DIRECTORY ${WORK}/build)
  separate_arguments(flags UNIX_COMMAND "${FLAGS}")
  must(${COMPILER} ${flags} -std=c++23 ${SOURCE}/tests/packaging/main.cpp -o ${WORK}/build/consumer ${ARGN})
endmacro()

macro(must_run_consumer)
  must(${WORK}/build/consumer)
  if(NOT output STREQUAL "runnel ${VERSION}: 10\n")
    message(FATAL_ERROR "The consumer printed: ${output}")
  endif()
endmacro()

# Installs what the consumer installs: its program, and Runnel's headers only if they are `expected`.
function(must_install_headers expected)
  set(installed ${WORK}/installed_${expected})
  must(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${installed})
  file(GLOB_RECURSE files RELATIVE ${installed} ${installed}/*)
  list(REMOVE_ITEM files bin/consumer)
  if((expected AND NOT "include/runnel/runnel.hpp" IN_LIST files) OR (NOT expected AND files))
    message(FATAL_ERROR "With RUNNEL_INSTALL ${expected} the consumer also installs: ${files}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
set(configure ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE}/tests/packaging/${HOW} -B ${WORK}/build
              -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D RUNNEL_SOURCE=${SOURCE} -D
              CMAKE_PREFIX_PATH=${prefix})
set(without_install add_subdirectory fetch_content single_header nothing_else not_built)
if(NOT HOW IN_LIST without_install)
  must(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
endif()

if(HOW STREQUAL refuse)
  string(REPLACE /refuse /find_package configure "${configure}")
  # An older minor version, whose interface may have been another.
  run(${configure} -D WANTED=0.0)
  if(status EQUAL 0 OR NOT output MATCHES "considered but not accepted")
    message(FATAL_ERROR "Version 0.0 was asked for; status ${status}:\n${output}")
  endif()
  return()
endif()

set(without_boost -D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON)
if(HOW STREQUAL refuse_model)
  string(REPLACE /refuse_model /model configure "${configure}")
  run(${configure} -D WANTED=${VERSION} ${without_boost})
  if(status EQUAL 0 OR NOT output MATCHES "needs Boost.Context")
    message(FATAL_ERROR "The component was asked for without Boost; status ${status}:\n${output}")
  endif()
  return()
endif()

if(HOW STREQUAL model)
  must(${configure} -D WANTED=${VERSION})
  must(${CMAKE_COMMAND} --build ${WORK}/build)
  must(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --no-tests=error)
  if(NOT output MATCHES "100% tests passed, 0 tests failed out of 3")
    message(FATAL_ERROR "${output}")
  endif()
  return()
endif()

if(HOW STREQUAL nothing_else)
  # Neither programs nor packages of the system are found, but for those that are named here.
  string(REPLACE /tests/packaging/${HOW} "" configure "${configure}")
  list(APPEND configure -D CMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -D
       CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM})
  must(${configure})
  string(REGEX MATCHALL "[^\n]*(left out|Left out|missing)[^\n]*" lines "${output}")
  list(LENGTH lines count)
  if(NOT count EQUAL 1 OR NOT lines MATCHES "TESTS .*GTest.*TOOLS .*Relacy.*MODEL .*Boost.Context")
    message(FATAL_ERROR "Not one line about all that was left out:\n${output}")
  endif()
  must(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${prefix})
  must_compile(-pthread -I ${prefix}/include)
  must_run_consumer()
  foreach(part TESTS TOOLS MODEL)
    run(${configure} -D RUNNEL_BUILD_${part}=ON)
    if(status EQUAL 0 OR NOT output MATCHES "is missing\\.")
      message(FATAL_ERROR "${part} were asked for, and left out; status ${status}:\n${output}")
    endif()
    set(configure ${configure} -D RUNNEL_BUILD_${part}=OFF)
  endforeach()
  # Code as it ships cannot be explored without the explorer, nor where it was not asked for.
  run(${configure} -D RUNNEL_BUILD_NATIVE=ON)
  if(status EQUAL 0 OR NOT output MATCHES "RUNNEL_BUILD_NATIVE needs RUNNEL_BUILD_MODEL")
    message(FATAL_ERROR "Not refused as it should be; status ${status}:\n${output}")
  endif()
  file(WRITE ${WORK}/natively.cmake
       "include(${SOURCE}/cmake/RunnelModelCheck.cmake)\nrunnel_compile_natively(mine)\n")
  run(${CMAKE_COMMAND} -P ${WORK}/natively.cmake)
  if(status EQUAL 0 OR NOT output MATCHES "mine needs runnel::model_native.*RUNNEL_BUILD_NATIVE")
    message(FATAL_ERROR "Not said what to set; status ${status}:\n${output}")
  endif()
  return()
endif()

if(HOW STREQUAL not_built)
  string(REPLACE /tests/packaging/${HOW} "" configure "${configure}")
  must(${configure} -D RUNNEL_BUILD_MODEL=ON -D RUNNEL_BUILD_TOOLS=OFF -D RUNNEL_BUILD_TESTS=OFF)
  must(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${prefix})
  if(NOT output MATCHES "Left out: the component model" OR NOT output MATCHES "runnel/runnel.hpp")
    message(FATAL_ERROR "Without a build this was installed:\n${output}")
  endif()
  # So it is not there, and the package says so.
  string(REPLACE "-S;${SOURCE};-B;${WORK}/build" "-S;${SOURCE}/tests/packaging/model;-B;${WORK}/model"
                 configure "${configure}")
  run(${configure} -D WANTED=${VERSION})
  if(status EQUAL 0 OR NOT output MATCHES "installed without its component model")
    message(FATAL_ERROR "The component was asked for; status ${status}:\n${output}")
  endif()
  return()
endif()

if(HOW STREQUAL headers)
  must_compile(-pthread -I ${prefix}/include)
elseif(HOW STREQUAL pkg_config)
  # Not where it was installed.
  file(RENAME ${prefix} ${WORK}/moved)
  set(ENV{PKG_CONFIG_PATH} ${WORK}/moved/share/pkgconfig)
  must(${PKG_CONFIG} --exact-version=${VERSION} runnel)
  must(${PKG_CONFIG} --cflags --libs runnel)
  separate_arguments(found UNIX_COMMAND "${output}")
  must_compile(${found})
elseif(HOW STREQUAL single_header)
  # In the place of the header that stands for all, with nothing beside it.
  must(${PYTHON} ${SOURCE}/packaging/single_header.py ${WORK}/include/runnel/runnel.hpp)
  must_compile(-pthread -I ${WORK}/include -D RUNNEL_NO_FUTEX -fsyntax-only)
  must_compile(-pthread -I ${WORK}/include)
else()
  if(HOW STREQUAL fetch_content)
    # What is to be committed, and no more than a consumer needs.
    set(origin ${WORK}/origin)
    file(COPY ${SOURCE}/CMakeLists.txt ${SOURCE}/cmake ${SOURCE}/gdb ${SOURCE}/include ${SOURCE}/LICENSE
         DESTINATION ${origin})
    # In a hook of git these name the repository that the hook is of.
    foreach(variable GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE)
      unset(ENV{${variable}})
    endforeach()
    set(git ${GIT} -C ${origin} -c user.name=test -c user.email=test@localhost)
    must(${git} init --quiet)
    must(${git} add --all)
    must(${git} commit --quiet --no-gpg-sign --no-verify -m test)
    must(${git} rev-parse HEAD)
    string(STRIP "${output}" commit)
    list(APPEND configure -D RUNNEL_REPOSITORY=file://${origin} -D RUNNEL_COMMIT=${commit})
  endif()
  # The library alone needs nothing.
  must(${configure} -D WANTED=${VERSION} ${without_boost})
  must(${CMAKE_COMMAND} --build ${WORK}/build)
  if(NOT HOW STREQUAL find_package)
    must_install_headers(OFF)
  else()
    # What gdb would load with the program is there.
    file(READ ${WORK}/build/consumer-gdb.py script)
    string(REGEX REPLACE ".*source ([^\"]+)\".*" "\\1" printers "${script}")
    if(NOT EXISTS ${printers} OR NOT printers STREQUAL ${prefix}/share/runnel/gdb/runnel_printers.py)
      message(FATAL_ERROR "No printers for gdb: ${script}")
    endif()
  endif()
  if(HOW STREQUAL add_subdirectory)
    must(${configure} -D RUNNEL_INSTALL=ON)
    must_install_headers(ON)
  endif()
endif()
must_run_consumer()
