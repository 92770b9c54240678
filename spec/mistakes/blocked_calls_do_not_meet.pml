/* SPDX-License-Identifier: MIT
 *
 * send and recv do not meet in a rendezvous.
 */
#undef hand_off_ok
#define hand_off_ok(c, sent, received)                      \
  (c.capacity == 0 && c.senders != 0 && c.receivers != 0 && \
   !(sent == TRY_SEND && received == TRY_RECV) && !(sent == SEND && received == RECV))
