# SPDX-License-Identifier: MIT
#
# For users of runnel::runnel who debug with gdb:
#
#   runnel_add_gdb_printers(target)
#
# writes `<file of the target>-gdb.py` beside a program or a shared library, by which gdb loads the
# printers of Runnel's handles together with it; from folders that gdb has been told to trust alone, see
# docs/debugging.md.

function(runnel_add_gdb_printers target)
  get_property(printers GLOBAL PROPERTY RUNNEL_GDB_PRINTERS)
  file(GENERATE OUTPUT "$<TARGET_FILE:${target}>-gdb.py"
       CONTENT "import gdb\n\ngdb.execute(r\"source ${printers}\")\n")
endfunction()
