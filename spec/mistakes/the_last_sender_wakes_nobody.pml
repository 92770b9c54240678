/* SPDX-License-Identifier: MIT
 *
 * recv does not notice that the last sender has gone.
 */
#undef recv_disconnected
#define recv_disconnected(op) (op != RECV && senders == 0 && size == 0)
