/* SPDX-License-Identifier: MIT
 *
 * send and recv do not meet in a rendezvous.
 */
#undef hand_off_ok
#define hand_off_ok(sent, received)                     \
  (CAPACITY == 0 && senders != 0 && receivers != 0 &&   \
   !(sent == TRY_SEND && received == TRY_RECV) && !(sent == SEND && received == RECV))
