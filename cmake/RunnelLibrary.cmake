# SPDX-License-Identifier: MIT
#
# The library itself, runnel::runnel: headers only, and how they are installed.

find_package(Threads REQUIRED)

add_library(runnel_headers INTERFACE)
add_library(runnel::runnel ALIAS runnel_headers)
set_target_properties(runnel_headers PROPERTIES EXPORT_NAME runnel VERIFY_INTERFACE_HEADER_SETS ON
                                                INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
target_compile_features(runnel_headers INTERFACE cxx_std_23)
target_link_libraries(runnel_headers INTERFACE Threads::Threads)
target_sources(
  runnel_headers
  INTERFACE
    FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR}/include
    FILES
      include/runnel/async.hpp
      include/runnel/core/async.hpp
      include/runnel/core/channel.hpp
      include/runnel/core/counts.hpp
      include/runnel/core/deadline.hpp
      include/runnel/core/handles.hpp
      include/runnel/core/language.hpp
      include/runnel/core/list.hpp
      include/runnel/core/misuse.hpp
      include/runnel/core/parking.hpp
      include/runnel/core/polling.hpp
      include/runnel/core/posted.hpp
      include/runnel/core/queue.hpp
      include/runnel/core/rendezvous.hpp
      include/runnel/core/ring.hpp
      include/runnel/core/select.hpp
      include/runnel/core/selection.hpp
      include/runnel/core/site.hpp
      include/runnel/core/std_platform.hpp
      include/runnel/core/stop.hpp
      include/runnel/core/system_wait.hpp
      include/runnel/core/waiting.hpp
      include/runnel/errors.hpp
      include/runnel/local.hpp
      include/runnel/mpmc.hpp
      include/runnel/mpsc.hpp
      include/runnel/runnel.hpp
      include/runnel/select.hpp
      include/runnel/stop.hpp
      include/runnel/timer.hpp
      include/runnel/version.hpp
    # For other libraries, which their users have: they do not compile by themselves everywhere.
    FILE_SET adapters
    TYPE HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR}/include
    FILES include/runnel/asio.hpp include/runnel/execution.hpp)

# A header that is not listed would be neither checked nor installed. The explorer's headers belong
# to its own library.
file(GLOB_RECURSE present CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.hpp)
list(FILTER present EXCLUDE REGEX "/include/runnel/model/")
get_target_property(listed runnel_headers HEADER_SET)
get_target_property(adapters runnel_headers HEADER_SET_adapters)
list(APPEND listed ${adapters})
list(TRANSFORM listed REPLACE "^include/" "${PROJECT_SOURCE_DIR}/include/")
list(REMOVE_ITEM present ${listed})
if(present)
  message(FATAL_ERROR "List these headers in cmake/RunnelLibrary.cmake: ${present}")
endif()

include(${PROJECT_SOURCE_DIR}/cmake/RunnelGdb.cmake)
set_property(GLOBAL PROPERTY RUNNEL_GDB_PRINTERS ${PROJECT_SOURCE_DIR}/gdb/runnel_printers.py)

if(NOT RUNNEL_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/runnel)
set(gdb_dir ${CMAKE_INSTALL_DATADIR}/runnel/gdb)
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/runnelConfig.cmake.in ${PROJECT_BINARY_DIR}/runnelConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS gdb_dir)
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/runnelConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

install(TARGETS runnel_headers EXPORT runnelTargets FILE_SET HEADERS FILE_SET adapters)
install(EXPORT runnelTargets NAMESPACE runnel:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/runnelConfig.cmake
              ${PROJECT_BINARY_DIR}/runnelConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/RunnelGdb.cmake
        DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/gdb/runnel_printers.py DESTINATION ${gdb_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/runnel)

# For pkg-config. The installed tree may be moved, unless its folders were given as absolute paths.
set(pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
set(pc_includedir \${prefix}/${CMAKE_INSTALL_INCLUDEDIR})
if(NOT IS_ABSOLUTE ${pc_dir})
  file(RELATIVE_PATH up /${pc_dir} /runnel)
  cmake_path(GET up PARENT_PATH up)
  set(pc_prefix \${pcfiledir}/${up})
endif()
if(IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
  set(pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/runnel.pc.in ${PROJECT_BINARY_DIR}/runnel.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/runnel.pc DESTINATION ${pc_dir})
