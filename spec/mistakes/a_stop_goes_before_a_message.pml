/* SPDX-License-Identifier: MIT
 *
 * A receive is stopped while a message is buffered.
 */
#undef recv_stopped
#define recv_stopped(c, op) \
  ((op == TIMED_RECV || op == STOPPABLE_RECV) && stop_requested && c.senders != 0)
