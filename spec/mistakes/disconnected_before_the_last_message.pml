/* SPDX-License-Identifier: MIT
 *
 * A receive reports `disconnected` while messages are left.
 */
#undef recv_disconnected
#define recv_disconnected(c, op) (c.senders == 0)
