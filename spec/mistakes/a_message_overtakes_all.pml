/* SPDX-License-Identifier: MIT
 *
 * A message is put before those that are buffered.
 */
#define put(c, message) put_first(c, message)
inline put_first(c, message) {
  for (at : 1 .. c.size) { c.buffer[c.size + 1 - at] = c.buffer[c.size - at] }
  at = 0;
  c.buffer[0] = message;
  c.size++
}
