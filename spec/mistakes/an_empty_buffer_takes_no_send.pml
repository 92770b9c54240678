/* SPDX-License-Identifier: MIT
 *
 * send puts no message into an empty buffer.
 */
#undef send_ok
#define send_ok(c, op) \
  (c.receivers != 0 && !is_full(c) && c.size < MOST && (op != SEND || c.size != 0))
