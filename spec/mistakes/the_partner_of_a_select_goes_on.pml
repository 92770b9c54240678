/* SPDX-License-Identifier: MIT
 *
 * A select whose partner has met it goes on with another case.
 */
#define meet(s, mine, t) meet_one(s, mine)
inline meet_one(s, mine) {
  take_value(s, mine);
  end_call(s)
}
