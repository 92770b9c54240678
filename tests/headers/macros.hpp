// SPDX-License-Identifier: MIT
//
// Macros that are often there when a library is included, all as something that does not compile.
// They come after the headers of the standard library, of which not all bear them.
//
// Not here, because they hide names of ours or of the standard library: check and require, as macOS
// had them until 10.11 (model::check, model::require); error, of R without R_NO_REMAP
// (std::expected's); barrier of kernels (std::barrier, model::barrier); move, erase and clear of curses
// with its macros.
#pragma once

#define RUNNEL_NOT_CODE )] \
  }

// C, beside what others.hpp brings.
#undef I
#define I RUNNEL_NOT_CODE
#undef assert
#define assert(condition) RUNNEL_NOT_CODE
// <ctype.h> of newlib and of BSDs.
#define _A RUNNEL_NOT_CODE
#define _B RUNNEL_NOT_CODE
#define _C RUNNEL_NOT_CODE
#define _D RUNNEL_NOT_CODE
#define _E RUNNEL_NOT_CODE
#define _L RUNNEL_NOT_CODE
#define _N RUNNEL_NOT_CODE
#define _P RUNNEL_NOT_CODE
#define _S RUNNEL_NOT_CODE
#define _T RUNNEL_NOT_CODE
#define _U RUNNEL_NOT_CODE
#define _W RUNNEL_NOT_CODE
#define _X RUNNEL_NOT_CODE
// GNU predefined ones, of other processors as well.
#undef linux
#define linux RUNNEL_NOT_CODE
#undef unix
#define unix RUNNEL_NOT_CODE
#undef i386
#define i386 RUNNEL_NOT_CODE
#define arm RUNNEL_NOT_CODE
#define mips RUNNEL_NOT_CODE
#define sparc RUNNEL_NOT_CODE
#define sun RUNNEL_NOT_CODE

// Those that programs write themselves.
#undef MIN
#define MIN(a, b) RUNNEL_NOT_CODE
#undef MAX
#define MAX(a, b) RUNNEL_NOT_CODE
#define min(a, b) RUNNEL_NOT_CODE
#define max(a, b) RUNNEL_NOT_CODE
#define ABS(a) RUNNEL_NOT_CODE
#define CLAMP(a, low, high) RUNNEL_NOT_CODE
#define likely(condition) RUNNEL_NOT_CODE
#define unlikely(condition) RUNNEL_NOT_CODE
#define container_of(pointer, type, member) RUNNEL_NOT_CODE
#define ARRAY_SIZE(array) RUNNEL_NOT_CODE
#define SIZE RUNNEL_NOT_CODE
#define LOG(level) RUNNEL_NOT_CODE
#define DEBUG RUNNEL_NOT_CODE
#define INFO RUNNEL_NOT_CODE
#define WARNING RUNNEL_NOT_CODE
#undef ERROR
#define ERROR RUNNEL_NOT_CODE
#define FATAL RUNNEL_NOT_CODE
#define TEST RUNNEL_NOT_CODE
#define CHECK(condition) RUNNEL_NOT_CODE
#define REQUIRE(condition) RUNNEL_NOT_CODE
#undef EMPTY
#define EMPTY RUNNEL_NOT_CODE

// X11.
#define None RUNNEL_NOT_CODE
#define Bool RUNNEL_NOT_CODE
#define Status RUNNEL_NOT_CODE
#define Success RUNNEL_NOT_CODE
#define Always RUNNEL_NOT_CODE
#define Complex RUNNEL_NOT_CODE
#define Unsorted RUNNEL_NOT_CODE
#define True RUNNEL_NOT_CODE
#define False RUNNEL_NOT_CODE

// Qt.
#define signals RUNNEL_NOT_CODE
#define slots RUNNEL_NOT_CODE
#define emit RUNNEL_NOT_CODE
#define foreach(variable, container) RUNNEL_NOT_CODE
#define forever RUNNEL_NOT_CODE

// <windows.h>.
#define near RUNNEL_NOT_CODE
#define far RUNNEL_NOT_CODE
#define small RUNNEL_NOT_CODE
#define interface RUNNEL_NOT_CODE
#define pascal RUNNEL_NOT_CODE
#define IN RUNNEL_NOT_CODE
#define OUT RUNNEL_NOT_CODE
#define OPTIONAL RUNNEL_NOT_CODE
#define VOID RUNNEL_NOT_CODE
#define CONST RUNNEL_NOT_CODE
#undef DELETE
#define DELETE RUNNEL_NOT_CODE
#define STRICT RUNNEL_NOT_CODE
#define Yield() RUNNEL_NOT_CODE

// macOS.
#define verify(assertion) RUNNEL_NOT_CODE
