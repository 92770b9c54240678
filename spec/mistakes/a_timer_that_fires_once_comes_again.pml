/* SPDX-License-Identifier: MIT
 *
 * A timer that fires once becomes due again.
 */
#define becomes_due(t) t.due = 1
