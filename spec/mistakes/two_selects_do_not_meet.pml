/* SPDX-License-Identifier: MIT
 *
 * A select meets only calls of one case.
 */
#undef meet_ok
#define one_case(s) ((s.cases & (s.cases - 1)) == 0)
#define meet_ok(s, mine, t, yours, c)                          \
  (may_choose(s, mine) && may_choose(t, yours) &&              \
   hand_off_ok(c, op_of(s, mine), op_of(t, yours)) && (one_case(s) || one_case(t)))
