// SPDX-License-Identifier: MIT
#pragma once

#include <runnel/model/explore.hpp>

#include <functional>

namespace runnel::model {

/// Explores and judges in a process of its own, so that whatever happens to that is a result, and is
/// judged here. Returns what the judge returns.
int explore_and_judge(program& p, const explore_options& options,
                      const std::function<int(const explore_result&)>& judge);

}  // namespace runnel::model
