# SPDX-License-Identifier: MIT
#
# How our own programs are compiled. Nothing of it reaches users of the library.

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
  endif()
  find_program(RUNNEL_CCACHE ccache)
  if(RUNNEL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${RUNNEL_CCACHE})
  endif()
endif()

# What one compiler warns of, or one level of its optimizer, must not keep anybody from building it.
set(RUNNEL_WERROR $<$<BOOL:${RUNNEL_WARNINGS_AS_ERRORS}>:-Werror>)

# Link to this to be compiled as our own code. Assertions and misuse detectors are always on.
add_library(runnel_development INTERFACE)
target_compile_options(
  runnel_development INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow ${RUNNEL_WERROR} -UNDEBUG)
if(RUNNEL_SANITIZE)
  set(sanitize -fsanitize=${RUNNEL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(runnel_development INTERFACE ${sanitize})
  target_link_options(runnel_development INTERFACE ${sanitize})
endif()
target_link_libraries(runnel_development INTERFACE runnel::runnel)

# Builds a GoogleTest program from SOURCES, and one ctest entry of the same name that runs it.
# Without any source there is nothing to build.
function(runnel_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBRARIES;DEFINITIONS;OPTIONS")
  if(NOT arg_SOURCES)
    message(STATUS "${name}: no sources")
    return()
  endif()
  runnel_need_googletest()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(
    ${name} PRIVATE ${arg_LIBRARIES} runnel_development GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
  target_compile_options(${name} PRIVATE ${arg_OPTIONS})
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()
