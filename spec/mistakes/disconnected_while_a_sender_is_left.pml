/* SPDX-License-Identifier: MIT
 *
 * A receive reports `disconnected` when the first sender has gone.
 */
#undef recv_disconnected
#define recv_disconnected(op) (senders < SENDERS && size == 0)
