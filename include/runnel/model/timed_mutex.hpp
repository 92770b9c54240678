// SPDX-License-Identifier: MIT
//
// A mutex that threads may wait for for a time, for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/mutex.hpp>
#include <runnel/model/timed.hpp>

namespace runnel::model {

/// In place of std::timed_mutex.
class timed_mutex : public timed<mutex> {};

}  // namespace runnel::model
