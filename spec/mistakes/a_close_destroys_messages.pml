/* SPDX-License-Identifier: MIT
 *
 * The close of a channel destroys what is buffered, as the drop of the last receiver does.
 */
#define close(c) c.closed = 1; clear(c)
