// SPDX-License-Identifier: MIT
//
// All of Runnel.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/errors.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/version.hpp>
