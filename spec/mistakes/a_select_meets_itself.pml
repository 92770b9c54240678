/* SPDX-License-Identifier: MIT
 *
 * A select that sends to a rendezvous and receives from it meets itself.
 */
#undef other_call
#define other_call(me, other) true
