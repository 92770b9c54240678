/* SPDX-License-Identifier: MIT
 *
 * A select that is to end counts what it has seen before.
 */
#define end_waiting(s, why) s.ending = why
