/* SPDX-License-Identifier: MIT
 *
 * try_send and try_recv meet in a rendezvous.
 */
#undef hand_off_ok
#define hand_off_ok(sent, received) (CAPACITY == 0 && senders != 0 && receivers != 0)
