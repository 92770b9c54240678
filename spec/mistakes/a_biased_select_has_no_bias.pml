/* SPDX-License-Identifier: MIT
 *
 * A biased select does a case though it has not seen that those before it are impossible.
 */
#undef may_choose
#define may_choose(s, i) (has_case(s, i) && !s.over)
