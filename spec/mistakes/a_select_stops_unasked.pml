/* SPDX-License-Identifier: MIT
 *
 * A select may end as if a stop had been requested.
 */
#undef stop_ends
#define stop_ends(s) (s.cases != 0 && !s.over && s.ending == 0 && s.how >= UNTIL_DEADLINE)
