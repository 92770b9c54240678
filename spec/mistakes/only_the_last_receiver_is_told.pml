/* SPDX-License-Identifier: MIT
 *
 * A receive reports `disconnected` only if no other receiver is left.
 */
#undef recv_disconnected
#define recv_disconnected(c, op) (c.senders == 0 && c.size == 0 && c.receivers == 1)
