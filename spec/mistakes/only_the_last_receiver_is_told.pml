/* SPDX-License-Identifier: MIT
 *
 * A receive reports `disconnected` only if no other receiver is left.
 */
#undef recv_disconnected
#define recv_disconnected(op) (senders == 0 && size == 0 && receivers == 1)
