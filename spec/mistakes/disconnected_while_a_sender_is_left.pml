/* SPDX-License-Identifier: MIT
 *
 * A receive reports `disconnected` when the first sender has gone.
 */
#undef recv_disconnected
#define recv_disconnected(c, op) (c.senders < SENDERS && c.size == 0)
