/* SPDX-License-Identifier: MIT
 *
 * send puts no message into an empty buffer.
 */
#undef send_ok
#define send_ok(op) (receivers != 0 && !is_full && size < MOST && (op != SEND || size != 0))
