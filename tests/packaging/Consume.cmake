# SPDX-License-Identifier: MIT
#
# Builds and runs a consumer of Runnel in a fresh directory. To be given:
#
#   HOW       find_package, add_subdirectory, headers (the installed ones, without CMake),
#             refuse (a version that does not fit), model (the component, whose checks are run),
#             or refuse_model (the component, without Boost)
#   SOURCE    Runnel's source tree;  BUILD  its build tree;  WORK  where to work
#   COMPILER  the compiler;  FLAGS  those it is given;  VERSION  Runnel's version

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

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
set(configure ${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/tests/packaging/${HOW} -B ${WORK}/build -D
              CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D RUNNEL_SOURCE=${SOURCE} -D
              CMAKE_PREFIX_PATH=${prefix})
if(NOT HOW STREQUAL add_subdirectory)
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

if(HOW STREQUAL headers)
  file(MAKE_DIRECTORY ${WORK}/build)
  separate_arguments(flags UNIX_COMMAND "${FLAGS}")
  must(${COMPILER} ${flags} -std=c++23 -pthread -I ${prefix}/include ${SOURCE}/tests/packaging/main.cpp -o
       ${WORK}/build/consumer)
else()
  # The library alone needs nothing.
  must(${configure} -D WANTED=${VERSION} ${without_boost})
  must(${CMAKE_COMMAND} --build ${WORK}/build)
endif()
must(${WORK}/build/consumer)
if(NOT output STREQUAL "runnel ${VERSION}: 10\n")
  message(FATAL_ERROR "The consumer printed: ${output}")
endif()
