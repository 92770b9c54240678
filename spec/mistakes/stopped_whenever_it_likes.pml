/* SPDX-License-Identifier: MIT
 *
 * A receive is stopped although nobody has asked for it.
 */
#undef recv_stopped
#define recv_stopped(c, op) \
  ((op == TIMED_RECV || op == STOPPABLE_RECV) && c.senders != 0 && c.size == 0)
