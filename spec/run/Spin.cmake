# SPDX-License-Identifier: MIT
#
# Runs SPIN with ARGUMENTS. It prints much on success, and names its errors on the standard output.

execute_process(COMMAND ${SPIN} ${ARGUMENTS} OUTPUT_VARIABLE output ERROR_VARIABLE output
                RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR output MATCHES "Error|error:")
  message(FATAL_ERROR "${SPIN} ${ARGUMENTS}: ${output}")
endif()
