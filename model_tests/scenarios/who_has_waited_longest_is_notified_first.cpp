// SPDX-License-Identifier: MIT
//
// Three wait in one list. While one or two of them are notified, the first, the one in the middle or the
// last gives up. Those that stay are notified in the order in which they came, whoever was faster.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::assertions);
  for (const auto& [who, leaves] :
       {std::pair{"the first", 0U}, {"the one in the middle", 1U}, {"the last", 2U}}) {
    for (const unsigned notifications : {1U, 2U}) {
      const order_program p{.notifications = notifications, .leaves = leaves};
      const std::string variant =
          std::string(who) + " gives up, notifications: " + std::to_string(notifications);
      file.on_the_explorer(variant, [p](engine e, const search& how, const options& o) {
        return check::run(e, p, how, o);
      });
    }
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
