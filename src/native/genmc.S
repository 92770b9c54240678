// SPDX-License-Identifier: MIT
//
// For programs in C that declare it themselves, in place of including <genmc.h>.
    .text
    .globl __VERIFIER_assume
    .type __VERIFIER_assume, @function
__VERIFIER_assume:
    jmp runnel_assume@PLT
    .size __VERIFIER_assume, . - __VERIFIER_assume
    .section .note.GNU-stack, "", @progbits
