// SPDX-License-Identifier: MIT
//
// The functions that code under test calls, of ThreadSanitizer's interface, of the C library and of POSIX
// threads: each goes through the door (door.hpp) to the one whose name begins with runnel_do_.

    .text

    .macro entry name
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    leaq runnel_do_\name(%rip), %rax
    jmp runnel_come_in
    .cfi_endproc
    .size \name, . - \name
    .endm

// rax: the function. Its arguments are in their registers; the seventh is where the door says.
    .hidden runnel_come_in
    .type runnel_come_in, @function
runnel_come_in:
    .cfi_startproc
    movq runnel_inside(%rip), %r11
    movq %r11, runnel_caller(%rip)
    testq %r11, %r11
    jnz 1f
    jmp *%rax
1:  movq %rbx, (%r11)
    movq %rbp, 8(%r11)
    movq %r12, 16(%r11)
    movq %r13, 24(%r11)
    movq %r14, 32(%r11)
    movq %r15, 40(%r11)
    movq %rsp, 48(%r11)
    cmpq 64(%r11), %rsp
    jb 3f
2:  movq $0, runnel_inside(%rip)
    movq 56(%r11), %rsp
    .cfi_undefined rip
    pushq %r11
    pushq %r11
    call *%rax
    popq %r11
    popq %r11
    movq 48(%r11), %rsp
    movq %r11, runnel_inside(%rip)
    ret
3:  movq %rsp, 64(%r11)
    cmpq 72(%r11), %rsp
    jae 2b
    leaq runnel_do_unclean(%rip), %rax
    jmp 2b
    .cfi_endproc
    .size runnel_come_in, . - runnel_come_in

// rdi: the door; rsi: the function; rdx: its argument; rcx: the top of its stack.
    .globl runnel_go_out
    .hidden runnel_go_out
    .type runnel_go_out, @function
runnel_go_out:
    .cfi_startproc
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    movq %rsp, 56(%rdi)
    movq %rdi, %rbx
    movq %rcx, %rsp
    .cfi_undefined rip
    xorl %ebp, %ebp
    movq %rdi, runnel_inside(%rip)
    movq %rdx, %rdi
    call *%rsi
.Lback:
    movq $0, runnel_inside(%rip)
    movq 56(%rbx), %rsp
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .cfi_endproc
    .size runnel_go_out, . - runnel_go_out

// rdi: what the call of runnel_go_out returns that is upon this stack.
    .globl runnel_go_back
    .hidden runnel_go_back
    .type runnel_go_back, @function
runnel_go_back:
    .cfi_startproc
    movq %rdi, %rax
    movq runnel_inside(%rip), %rbx
    jmp .Lback
    .cfi_endproc
    .size runnel_go_back, . - runnel_go_back

// r11: which of the functions that are refused.
    .globl runnel_refused
    .hidden runnel_refused
    .type runnel_refused, @function
runnel_refused:
    .cfi_startproc
    cmpq $0, runnel_inside(%rip)
    jne 1f
    movq runnel_refused_functions(%rip), %r10
    jmp *(%r10, %r11, 8)
1:  movq %r11, %rdi
    leaq runnel_do_refused(%rip), %rax
    jmp runnel_come_in
    .cfi_endproc
    .size runnel_refused, . - runnel_refused

// r11: which code that is not seen has been come to.
    .globl runnel_unseen
    .hidden runnel_unseen
    .type runnel_unseen, @function
runnel_unseen:
    .cfi_startproc
    movq %r11, %rdi
    leaq runnel_do_unseen(%rip), %rax
    jmp runnel_come_in
    .cfi_endproc
    .size runnel_unseen, . - runnel_unseen

// Where functions of the program begin and end: only while a history is told is that of interest.
    .macro entry_of_history name
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    cmpb $0, runnel_notes_calls(%rip)
    jne 1f
    ret
1:  leaq runnel_do_\name(%rip), %rax
    jmp runnel_come_in
    .cfi_endproc
    .size \name, . - \name
    .endm
    entry_of_history __tsan_func_entry
    entry_of_history __tsan_func_exit

    .macro nothing name
    .globl \name
    .type \name, @function
\name:
    ret
    .size \name, . - \name
    .endm
    nothing __tsan_atomic_signal_fence
// What libraries tell ThreadSanitizer of the order of their fences, which are seen here.
    nothing AnnotateHappensBefore
    nothing AnnotateHappensAfter

    entry __tsan_init
    entry __tsan_read1
    entry __tsan_read2
    entry __tsan_read4
    entry __tsan_read8
    entry __tsan_read16
    entry __tsan_unaligned_read2
    entry __tsan_unaligned_read4
    entry __tsan_unaligned_read8
    entry __tsan_unaligned_read16
    entry __tsan_volatile_read1
    entry __tsan_volatile_read2
    entry __tsan_volatile_read4
    entry __tsan_volatile_read8
    entry __tsan_volatile_read16
    entry __tsan_unaligned_volatile_read2
    entry __tsan_unaligned_volatile_read4
    entry __tsan_unaligned_volatile_read8
    entry __tsan_unaligned_volatile_read16
    entry __tsan_read_range
    entry __tsan_write1
    entry __tsan_write2
    entry __tsan_write4
    entry __tsan_write8
    entry __tsan_write16
    entry __tsan_unaligned_write2
    entry __tsan_unaligned_write4
    entry __tsan_unaligned_write8
    entry __tsan_unaligned_write16
    entry __tsan_volatile_write1
    entry __tsan_volatile_write2
    entry __tsan_volatile_write4
    entry __tsan_volatile_write8
    entry __tsan_volatile_write16
    entry __tsan_unaligned_volatile_write2
    entry __tsan_unaligned_volatile_write4
    entry __tsan_unaligned_volatile_write8
    entry __tsan_unaligned_volatile_write16
    entry __tsan_write_range
    entry __tsan_vptr_update
    entry __tsan_vptr_read
    entry __tsan_memcpy
    entry __tsan_memmove
    entry __tsan_memset
    entry __tsan_atomic8_load
    entry __tsan_atomic8_store
    entry __tsan_atomic8_exchange
    entry __tsan_atomic8_fetch_add
    entry __tsan_atomic8_fetch_sub
    entry __tsan_atomic8_fetch_and
    entry __tsan_atomic8_fetch_or
    entry __tsan_atomic8_fetch_xor
    entry __tsan_atomic8_fetch_nand
    entry __tsan_atomic8_compare_exchange_strong
    entry __tsan_atomic8_compare_exchange_weak
    entry __tsan_atomic8_compare_exchange_val
    entry __tsan_atomic16_load
    entry __tsan_atomic16_store
    entry __tsan_atomic16_exchange
    entry __tsan_atomic16_fetch_add
    entry __tsan_atomic16_fetch_sub
    entry __tsan_atomic16_fetch_and
    entry __tsan_atomic16_fetch_or
    entry __tsan_atomic16_fetch_xor
    entry __tsan_atomic16_fetch_nand
    entry __tsan_atomic16_compare_exchange_strong
    entry __tsan_atomic16_compare_exchange_weak
    entry __tsan_atomic16_compare_exchange_val
    entry __tsan_atomic32_load
    entry __tsan_atomic32_store
    entry __tsan_atomic32_exchange
    entry __tsan_atomic32_fetch_add
    entry __tsan_atomic32_fetch_sub
    entry __tsan_atomic32_fetch_and
    entry __tsan_atomic32_fetch_or
    entry __tsan_atomic32_fetch_xor
    entry __tsan_atomic32_fetch_nand
    entry __tsan_atomic32_compare_exchange_strong
    entry __tsan_atomic32_compare_exchange_weak
    entry __tsan_atomic32_compare_exchange_val
    entry __tsan_atomic64_load
    entry __tsan_atomic64_store
    entry __tsan_atomic64_exchange
    entry __tsan_atomic64_fetch_add
    entry __tsan_atomic64_fetch_sub
    entry __tsan_atomic64_fetch_and
    entry __tsan_atomic64_fetch_or
    entry __tsan_atomic64_fetch_xor
    entry __tsan_atomic64_fetch_nand
    entry __tsan_atomic64_compare_exchange_strong
    entry __tsan_atomic64_compare_exchange_weak
    entry __tsan_atomic64_compare_exchange_val
    entry __tsan_atomic128_load
    entry __tsan_atomic128_store
    entry __tsan_atomic128_exchange
    entry __tsan_atomic128_fetch_add
    entry __tsan_atomic128_fetch_sub
    entry __tsan_atomic128_fetch_and
    entry __tsan_atomic128_fetch_or
    entry __tsan_atomic128_fetch_xor
    entry __tsan_atomic128_fetch_nand
    entry __tsan_atomic128_compare_exchange_strong
    entry __tsan_atomic128_compare_exchange_weak
    entry __tsan_atomic128_compare_exchange_val
    entry __tsan_atomic_thread_fence
    entry runnel_memcpy
    entry runnel_memmove
    entry runnel_memset
    entry _Znwm
    entry _Znam
    entry _ZnwmSt11align_val_t
    entry _ZnamSt11align_val_t
    entry _ZdlPv
    entry _ZdaPv
    entry _ZdlPvm
    entry _ZdaPvm
    entry _ZdlPvSt11align_val_t
    entry _ZdaPvSt11align_val_t
    entry _ZdlPvmSt11align_val_t
    entry _ZdaPvmSt11align_val_t
    entry malloc
    entry free
    entry calloc
    entry realloc
    entry aligned_alloc
    entry posix_memalign
    entry memalign
    entry malloc_usable_size
    entry pthread_create
    entry pthread_join
    entry pthread_detach
    entry pthread_self
    entry sched_yield
    entry pthread_timedjoin_np
    entry pthread_clockjoin_np
    entry pthread_tryjoin_np
    entry pthread_getname_np
    entry pthread_setname_np
    entry pthread_getaffinity_np
    entry pthread_setaffinity_np
    entry pthread_getschedparam
    entry pthread_setschedparam
    entry pthread_setschedprio
    entry pthread_setcancelstate
    entry pthread_setcanceltype
    entry pthread_testcancel
    entry thrd_create
    entry thrd_join
    entry thrd_detach
    entry thrd_current
    entry thrd_equal
    entry thrd_yield
    entry thrd_sleep
    entry pthread_mutex_init
    entry pthread_mutex_destroy
    entry pthread_mutex_lock
    entry pthread_mutex_trylock
    entry pthread_mutex_timedlock
    entry pthread_mutex_clocklock
    entry pthread_mutex_unlock
    entry pthread_cond_init
    entry pthread_cond_destroy
    entry pthread_cond_wait
    entry pthread_cond_timedwait
    entry pthread_cond_clockwait
    entry pthread_cond_signal
    entry pthread_cond_broadcast
    entry mtx_init
    entry mtx_destroy
    entry mtx_lock
    entry mtx_timedlock
    entry mtx_trylock
    entry mtx_unlock
    entry cnd_init
    entry cnd_destroy
    entry cnd_wait
    entry cnd_timedwait
    entry cnd_signal
    entry cnd_broadcast
    entry pthread_rwlock_init
    entry pthread_rwlock_destroy
    entry pthread_rwlock_rdlock
    entry pthread_rwlock_tryrdlock
    entry pthread_rwlock_timedrdlock
    entry pthread_rwlock_clockrdlock
    entry pthread_rwlock_wrlock
    entry pthread_rwlock_trywrlock
    entry pthread_rwlock_timedwrlock
    entry pthread_rwlock_clockwrlock
    entry pthread_rwlock_unlock
    entry pthread_barrier_init
    entry pthread_barrier_destroy
    entry pthread_barrier_wait
    entry pthread_spin_init
    entry pthread_spin_destroy
    entry pthread_spin_lock
    entry pthread_spin_trylock
    entry pthread_spin_unlock
    entry pthread_key_create
    entry pthread_key_delete
    entry pthread_getspecific
    entry pthread_setspecific
    entry tss_create
    entry tss_delete
    entry tss_get
    entry tss_set
    entry sem_init
    entry sem_destroy
    entry sem_wait
    entry sem_trywait
    entry sem_timedwait
    entry sem_clockwait
    entry sem_post
    entry sem_getvalue
    entry syscall
    entry clock_gettime
    entry gettimeofday
    entry time
    entry nanosleep
    entry clock_nanosleep
    entry usleep
    entry sleep
    entry exit
    entry quick_exit
    entry _exit
    entry _Exit
    entry __assert_fail
    entry __cxa_guard_acquire
    entry __cxa_guard_release
    entry __cxa_guard_abort
    entry __cxa_atexit
    entry __cxa_thread_atexit
    entry runnel_next_at_exit
    entry runnel_begin_exit
    entry runnel_exit_is_caught
    entry runnel_once_begin
    entry runnel_once_end
    entry runnel_once_abort
    entry runnel_uncaught
    entry runnel_choose
    entry runnel_assume
// For programs in C that declare it themselves, in place of including <genmc.h>.
    .globl __VERIFIER_assume
    .set __VERIFIER_assume, runnel_assume
    entry runnel_require
    entry runnel_unobserved

    .bss
    .align 8
    .globl runnel_inside
    .hidden runnel_inside
runnel_inside:
    .zero 8
    .globl runnel_caller
    .hidden runnel_caller
runnel_caller:
    .zero 8
    .globl runnel_notes_calls
    .hidden runnel_notes_calls
runnel_notes_calls:
    .zero 8
    .globl runnel_refused_functions
    .hidden runnel_refused_functions
runnel_refused_functions:
    .zero 8
    .section .note.GNU-stack, "", @progbits
