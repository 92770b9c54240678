# SPDX-License-Identifier: MIT
#
# For users of runnel::model:
#
#   runnel_add_model_check(
#     NAME name                  of the program and of the test
#     SOURCES file...            the program: its main returns runnel::model::check<...>(...)
#     [LIBRARIES library...]     besides runnel::model
#     [DEFINITIONS name=value...]
#     [ARGUMENTS argument...]    of the program, as its --help lists them
#     [EXPECT_FAILURE kind]      the test passes only if an execution fails in this way
#     [EXPECT_OWN_FAILURE kind]  the same for a kind that the program gives to model::fail
#     [TIMEOUT seconds])         300 by default
#
# A search that a limit ends is not passed.

# For users of runnel::model_native:
#
#   runnel_add_native_check(
#     NAME name                  of the program and of the test
#     SOURCES file...            the program, in C++ or C, with a main of its own, which knows nothing of a
#                                check: each execution of it is visited. <genmc.h> is there for programs
#                                in C that want it. Else as above, and
#     [COMPILE_OPTIONS option...])
#
#   runnel_compile_natively(target)
#
# compiles what a target has for the explorer, and links it with that: its main calls
# runnel::model::explore_native or check_native.

function(runnel_add_model_check)
  runnel_parse_check(runnel_add_model_check "" "${ARGV}")
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE runnel::model)
  runnel_finish_check()
endfunction()

function(runnel_add_native_check)
  runnel_parse_check(runnel_add_native_check "COMPILE_OPTIONS" "${ARGV}")
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_compile_options(${arg_NAME} PRIVATE ${arg_COMPILE_OPTIONS})
  runnel_compile_natively(${arg_NAME})
  target_link_libraries(${arg_NAME} PRIVATE runnel::model_native_main)
  runnel_finish_check()
endfunction()

function(runnel_compile_natively target)
  if(NOT TARGET runnel::model_native)
    message(
      FATAL_ERROR
        "${target} needs runnel::model_native, which is not built. Set RUNNEL_BUILD_NATIVE to ON before "
        "add_subdirectory(runnel), or ask find_package for the component model_native. See Runnel's docs/building.md.")
  endif()
  # GCC expands copies of a constant size after it has said which memory is accessed, but for calls; and it
  # warns that ThreadSanitizer does not know fences. Clang says only if asked what it has compiled a unit with.
  set(is_gcc $<OR:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<COMPILE_LANG_AND_ID:C,GNU>>)
  set(is_clang $<OR:$<COMPILE_LANG_AND_ID:CXX,Clang>,$<COMPILE_LANG_AND_ID:C,Clang>>)
  target_compile_options(
    ${target} PRIVATE -fsanitize=thread -g $<${is_gcc}:-fno-builtin-memcpy -fno-builtin-memmove
                      -fno-builtin-memset -Wno-tsan> $<${is_clang}:-grecord-command-line>)
  target_link_libraries(${target} PRIVATE runnel::model_native)
  target_link_options(${target} PRIVATE -Wl,-z,now)
endfunction()

# What the two have in common.
macro(runnel_parse_check function more arguments)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT;EXPECT_FAILURE;EXPECT_OWN_FAILURE"
                        "SOURCES;LIBRARIES;DEFINITIONS;ARGUMENTS;${more}" ${arguments})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "${function} takes NAME and SOURCES; see RunnelModelCheck.cmake")
  endif()
endmacro()

macro(runnel_finish_check)
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES})
  target_compile_definitions(${arg_NAME} PRIVATE ${arg_DEFINITIONS})
  set(expectation)
  if(arg_EXPECT_FAILURE)
    set(expectation --expect-failure ${arg_EXPECT_FAILURE})
  endif()
  if(arg_EXPECT_OWN_FAILURE)
    list(APPEND expectation --expect-own-failure ${arg_EXPECT_OWN_FAILURE})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} ${expectation} ${arg_ARGUMENTS})
  set_tests_properties(${arg_NAME} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endmacro()
