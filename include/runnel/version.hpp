// SPDX-License-Identifier: MIT
#pragma once

#include <runnel/core/language.hpp>

/// The version of Runnel, as in Semantic Versioning.
#define RUNNEL_VERSION_MAJOR 0
#define RUNNEL_VERSION_MINOR 2
#define RUNNEL_VERSION_PATCH 0
