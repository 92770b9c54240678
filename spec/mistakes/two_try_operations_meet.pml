/* SPDX-License-Identifier: MIT
 *
 * try_send and try_recv meet in a rendezvous.
 */
#undef hand_off_ok
#define hand_off_ok(c, sent, received) (c.capacity == 0 && c.senders != 0 && c.receivers != 0)
