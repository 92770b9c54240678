# SPDX-License-Identifier: MIT
#
# Options that are ON, OFF or AUTO: at top level, AUTO builds what has all that it needs, and leaves out
# the rest, so that whoever wants the headers alone needs a compiler alone. What is asked for with ON
# stops the configuration where something is missing.

# Declares the option `name`, which is to be AUTO, and decides what that means here. Listed last is what
# it needs, as runnel_find knows it.
function(runnel_auto_option name description)
  set(${name} AUTO CACHE STRING "${description}: ON, OFF, or AUTO, if what it needs is found")
  set_property(CACHE ${name} PROPERTY STRINGS AUTO ON OFF)
  string(TOUPPER "${${name}}" value)
  if(NOT value STREQUAL "AUTO")
    return()
  endif()
  set(missing "")
  if(PROJECT_IS_TOP_LEVEL)
    foreach(need IN LISTS ARGN)
      runnel_find(${need} found)
      if(NOT found)
        list(APPEND missing ${need})
      endif()
    endforeach()
  endif()
  if(PROJECT_IS_TOP_LEVEL AND NOT missing)
    set(${name} ON PARENT_SCOPE)
    return()
  endif()
  set(${name} OFF PARENT_SCOPE)
  if(missing)
    list(JOIN missing ", " missing)
    set_property(DIRECTORY APPEND PROPERTY RUNNEL_LEFT_OUT "${name} (no ${missing})")
  endif()
endfunction()

function(runnel_say_what_is_left_out)
  get_property(left_out DIRECTORY PROPERTY RUNNEL_LEFT_OUT)
  if(left_out)
    list(JOIN left_out ", " left_out)
    message(STATUS "Left out, since what it needs was not found: ${left_out}")
  endif()
endfunction()
