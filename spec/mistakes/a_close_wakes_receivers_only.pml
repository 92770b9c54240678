/* SPDX-License-Identifier: MIT
 *
 * send does not notice that a receiver has closed the channel.
 */
#undef send_disconnected
#define send_disconnected(c, op) (c.receivers == 0 || (c.closed && op != SEND))
