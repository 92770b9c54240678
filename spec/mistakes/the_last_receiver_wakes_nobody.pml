/* SPDX-License-Identifier: MIT
 *
 * send does not notice that the last receiver has gone.
 */
#undef send_disconnected
#define send_disconnected(c, op) (op != SEND && c.receivers == 0)
