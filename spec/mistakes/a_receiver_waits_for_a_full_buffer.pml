/* SPDX-License-Identifier: MIT
 *
 * recv takes no message before the buffer is full.
 */
#undef recv_ok
#define recv_ok(op, message) \
  (size != 0 && (op != RECV || is_full) && buffer[0] == message)
