/* SPDX-License-Identifier: MIT
 *
 * A send buffers a message that is not its own.
 */
#define put(c, message) put_another(c, message)
inline put_another(c, message) {
  c.buffer[c.size] = message + 1;
  c.size++
}
