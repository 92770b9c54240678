# SPDX-License-Identifier: MIT
#
# Runs PROGRAM with ARGUMENTS. Fails unless it exits with 0, and its output is what the file EXPECTED holds and
# nothing else.

execute_process(COMMAND ${PROGRAM} ${ARGUMENTS} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
file(READ ${EXPECTED} expected)
if(NOT status EQUAL 0 OR NOT output STREQUAL expected OR errors)
  message(FATAL_ERROR "status ${status}\n--- expected\n${expected}--- output\n${output}"
                      "--- errors\n${errors}")
endif()
