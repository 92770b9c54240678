/* SPDX-License-Identifier: MIT
 *
 * A message is put before one of another sender.
 */
#define put(message) put_before_others(message)
inline put_before_others(message) {
  buffer[size] = message;
  if
  :: size != 0 && sender_of(buffer[size - 1]) != sender_of(message) ->
     buffer[size] = buffer[size - 1];
     buffer[size - 1] = message
  :: else
  fi;
  size++
}
