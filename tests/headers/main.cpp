// SPDX-License-Identifier: MIT
//
// What was compiled in each company works.

void after_others();
void before_others();
void among_macros();

int main() {
  after_others();
  before_others();
  among_macros();
}
