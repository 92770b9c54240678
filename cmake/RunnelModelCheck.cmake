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

function(runnel_add_model_check)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT;EXPECT_FAILURE;EXPECT_OWN_FAILURE"
                        "SOURCES;LIBRARIES;DEFINITIONS;ARGUMENTS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "runnel_add_model_check takes NAME and SOURCES; see RunnelModelCheck.cmake")
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES} runnel::model)
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
endfunction()
