/* SPDX-License-Identifier: MIT
 *
 * A send that times out does not hand its message back.
 */
#undef handed_back
#define handed_back(response, message) (response == OK || response == TIMEOUT -> 0 : message)
