// SPDX-License-Identifier: MIT
//
// Writes litmus programs in herd's language. Two things are not herd's: `&r`, the address of a local that has the
// expected value of a compare-exchange, and __VERIFIER_assume.
#pragma once

#include "program.hpp"

#include <string>

namespace runnel::litmus_core {

/// Reading it gives the same program.
std::string text_of(const program& p);
/// "exists (0:r1=1 /\ [x]=0)"
std::string condition_text(const program& p);
std::string text_of(const program& p, const proposition& condition);
/// Of one in a thread, or of the head of one that has others in it.
std::string text_of(const program& p, const thread& t, const statement& s);
std::string text_of(const program& p, const thread& t, const expression& e);

}  // namespace runnel::litmus_core
