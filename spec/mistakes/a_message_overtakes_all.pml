/* SPDX-License-Identifier: MIT
 *
 * A message is put before those that are buffered.
 */
#define put(message) put_first(message)
inline put_first(message) {
  for (at : 1 .. size) { buffer[size + 1 - at] = buffer[size - at] }
  at = 0;
  buffer[0] = message;
  size++
}
