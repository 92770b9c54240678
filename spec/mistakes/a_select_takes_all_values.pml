/* SPDX-License-Identifier: MIT
 *
 * A select that sends takes the values of all its send cases.
 */
#define take_value(s, i) s.sent = s.cases & (SEND_0 + SEND_1)
