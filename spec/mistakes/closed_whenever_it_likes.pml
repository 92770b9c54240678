/* SPDX-License-Identifier: MIT
 *
 * Whoever waits for a close may be told of one although there was none.
 */
#undef closed_ok
#define closed_ok(c, op) true
