/* SPDX-License-Identifier: MIT
 *
 * A select does no case but the first one.
 */
#undef may_choose
#define may_choose(s, i) (has_case(s, i) && !s.over && (s.cases & ((1 << (i)) - 1)) == 0)
