// SPDX-License-Identifier: MIT
//
// A hint to the scheduler that programs that are explored have no need of.
#pragma once

#include <runnel/core/language.hpp>

namespace runnel::model {

/// In place of std::this_thread::yield. Does nothing, since every order of the threads is visited anyway.
/// A loop that waits has no bound with it either: see atomic::await.
inline void yield() noexcept {}

}  // namespace runnel::model
