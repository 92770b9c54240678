/* SPDX-License-Identifier: MIT
 *
 * send does not notice that the last receiver has gone.
 */
#undef send_disconnected
#define send_disconnected(op) (op != SEND && receivers == 0)
