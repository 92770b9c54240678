// SPDX-License-Identifier: MIT
#include "turn_base.hpp"

namespace runnel::stress {
namespace {

std::string describe(const tally& t) {
  return std::to_string(t.count) + " (sum " + std::to_string(t.sum) + ", hash " +
         std::to_string(t.hash) + ")";
}

}  // namespace

std::string judge(const ledger& all, std::uint64_t channels) {
  std::string wrong;
  const auto is_wrong = [&wrong](const std::string& what) {
    wrong += (wrong.empty() ? "" : "; ") + what;
  };
  if (all.objects > 0)
    is_wrong(std::to_string(all.objects) + " messages are alive after their channel has gone");
  if (all.objects < 0) is_wrong(std::to_string(-all.objects) + " messages were destroyed twice");
  if (all.lost.count != 0)
    is_wrong(std::to_string(all.lost.count) +
             " messages were destroyed while there was a receiver");
  if (all.destroyers > channels || (all.destroyers != 0 && all.left_early == 0))
    is_wrong(
        "messages were destroyed by receivers of which another had the channel, or had found "
        "it empty");
  tally ends = all.received;
  ends += all.destroyed;
  if (ends != all.sent)
    is_wrong("sent were " + describe(all.sent) + ", but received " + describe(all.received) +
             " and destroyed with the channel " + describe(all.destroyed));
  return wrong;
}

}  // namespace runnel::stress
