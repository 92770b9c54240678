/* SPDX-License-Identifier: MIT
 *
 * try_recv reports `empty` while a message is buffered.
 */
#undef recv_empty
#define recv_empty(c, op) (op == TRY_RECV && c.senders != 0)
