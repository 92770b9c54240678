/* SPDX-License-Identifier: MIT
 *
 * A send that waits without a deadline does not notice that it is to stop.
 */
#undef send_stopped
#define send_stopped(c, op) \
  (op == TIMED_SEND && stop_requested && c.receivers != 0 && is_full(c))
