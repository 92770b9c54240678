/* SPDX-License-Identifier: MIT
 *
 * A message is put before one of another sender.
 */
#define number_of_sender(message) ((message - 1) / MESSAGES)
#define put(c, message) put_before_others(c, message)
inline put_before_others(c, message) {
  c.buffer[c.size] = message;
  if
  :: c.size != 0 && number_of_sender(c.buffer[c.size - 1]) != number_of_sender(message) ->
     c.buffer[c.size] = c.buffer[c.size - 1];
     c.buffer[c.size - 1] = message
  :: else
  fi;
  c.size++
}
