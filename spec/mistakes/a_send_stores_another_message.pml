/* SPDX-License-Identifier: MIT
 *
 * A send buffers a message that is not its own.
 */
#define put(message) put_another(message)
inline put_another(message) {
  buffer[size] = message + 1;
  size++
}
