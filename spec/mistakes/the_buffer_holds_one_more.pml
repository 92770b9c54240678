/* SPDX-License-Identifier: MIT
 *
 * A buffer takes one message more than its capacity.
 */
#undef is_full
#define is_full(c) (c.size > c.capacity)
