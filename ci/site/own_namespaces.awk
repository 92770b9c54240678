# SPDX-License-Identifier: MIT
#
# Of a header what stands in namespaces of Runnel, and its macros; empty lines for the rest, so that the
# numbers of lines stay.
/^namespace runnel/ { inside = 1 }
inside || /^#/ { print }
!(inside || /^#/) { print "" }
/^}  \/\/ namespace runnel/ { inside = 0 }
