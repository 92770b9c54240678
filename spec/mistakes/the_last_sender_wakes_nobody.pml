/* SPDX-License-Identifier: MIT
 *
 * recv does not notice that the last sender has gone.
 */
#undef recv_disconnected
#define recv_disconnected(c, op) (op != RECV && c.senders == 0 && c.size == 0)
