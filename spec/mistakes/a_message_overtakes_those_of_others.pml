/* SPDX-License-Identifier: MIT
 *
 * A message is put before one of another sender.
 */
#define number_of_sender(message) ((message - 1) / MESSAGES)
#define put(message) put_before_others(message)
inline put_before_others(message) {
  buffer[size] = message;
  if
  :: size != 0 && number_of_sender(buffer[size - 1]) != number_of_sender(message) ->
     buffer[size] = buffer[size - 1];
     buffer[size - 1] = message
  :: else
  fi;
  size++
}
