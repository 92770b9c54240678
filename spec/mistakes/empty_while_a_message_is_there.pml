/* SPDX-License-Identifier: MIT
 *
 * try_recv reports `empty` while a message is buffered.
 */
#undef recv_empty
#define recv_empty(op) (op == TRY_RECV && senders != 0)
