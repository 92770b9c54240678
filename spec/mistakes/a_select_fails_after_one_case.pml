/* SPDX-License-Identifier: MIT
 *
 * A select fails once one of its cases has been impossible.
 */
#undef all_seen
#define all_seen(s) (s.cases != 0 && !s.over && s.seen != 0)
