/* SPDX-License-Identifier: MIT
 *
 * recv takes no message before the buffer is full.
 */
#undef recv_ok
#define recv_ok(c, op, message) \
  (c.size != 0 && (op != RECV || is_full(c)) && c.buffer[0] == message)
