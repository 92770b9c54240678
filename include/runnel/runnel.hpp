// SPDX-License-Identifier: MIT
//
// All of Runnel but <runnel/stop.hpp>, which needs std::stop_token, and <runnel/async.hpp>, for coroutines.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/errors.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/select.hpp>
#include <runnel/timer.hpp>
#include <runnel/version.hpp>
