// SPDX-License-Identifier: MIT
//
// The queues without waiting, handles and counts, so that three and four threads fit: claims that race,
// a slot that is claimed and not yet published or released, a close in the middle of all this.
#include "support/scenarios.hpp"

#include <algorithm>

namespace runnel::check {
namespace {

/// Of one receiving thread the ring is the same in both.
std::vector<std::string> kinds_of_channel(const queue_program& p) {
  if (!p.capacity) return {p.sole_receiver ? "mpsc" : "mpmc"};
  const auto receives = [](const std::vector<step>& thread) {
    return std::ranges::any_of(thread, [](const step& s) { return s.op == spec::op::try_recv; });
  };
  if (std::ranges::count_if(p.threads, receives) > 1) return {"mpmc"};
  return {"mpsc", "mpmc"};
}

void fill(scenario_file& file) {
  const auto queue = [&file](const char* variant, const search& s, const queue_program& p) {
    file.made_for(kinds_of_channel(p));
    file.add(variant, s, [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  const auto with_faults = [&file](const std::string& variant, const queue_program& p) {
    file.made_for(kinds_of_channel(p));
    file.with_faults(variant, [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  const std::vector<std::vector<step>> one_each{{try_send(1)}, {try_recv()}};
  const std::vector<std::vector<step>> two_by_two{
      {try_send(1)}, {try_send(2)}, {try_recv()}, {try_recv()}};
  const std::vector<std::vector<step>> two_senders{
      {try_send(1), try_send(2)}, {try_send(3)}, {try_recv(), try_recv()}};
  const std::vector<std::vector<step>> two_receivers{
      {try_send(1), try_send(2)}, {try_recv(), try_recv()}, {try_recv()}};
  const std::vector<std::vector<step>> closed_by_receiver{
      {try_send(1), try_send(2)}, {try_send(3)}, {try_recv(), drop_receiver()}};
  const std::vector<std::vector<step>> closed_by_sender{
      {try_send(1), try_send(2), drop_sender()}, {try_recv()}, {try_recv(), try_recv()}};
  queue("one send and one receive, ring of 1", search::full(), {1, one_each});
  with_faults("two senders and a receiver, list",
              {unbounded, {{try_send(1)}, {try_send(2)}, {try_recv()}}, 1});
  // A sender may come late to the slot, or see that the message is gone before it sees it published: it
  // must not look at the same old values for ever.
  queue("two senders and a receiver, ring of 1", search::bounded(2),
        {1, {{try_send(1)}, {try_send(2)}, {try_recv()}}, 1});
  queue("one send and one receive, list", search::bounded(4), {unbounded, one_each, 1});
  with_faults("two senders and the sole receiver, list",
              {unbounded, {{try_send(1)}, {try_send(2)}, {try_recv()}}, 1, true});
  for (const auto& [name, threads] : {std::pair{"one send and one receive", one_each},
                                      {"two senders", two_senders},
                                      {"the receiver closes", closed_by_receiver}}) {
    for (const std::size_t block_length : {1U, 2U}) {
      queue((std::string(name) + ", list of a sole receiver, blocks of " +
             std::to_string(block_length))
                .c_str(),
            search::bounded(threads.size() == 2 ? 4 : 1), {unbounded, threads, block_length, true});
    }
  }
  queue("the sender closes, list of a sole receiver", search::bounded(1),
        {unbounded,
         {{try_send(1), try_send(2), drop_sender()}, {try_recv(), try_recv(), try_recv()}},
         1,
         true});
  const std::vector<std::vector<step>> closed_and_drained{
      {try_send(1)}, {try_send(2)}, {close(), try_recv(), try_recv()}};
  queue("the receiver closes and goes on, ring of 1", search::bounded(2),
        {1, closed_and_drained, 1});
  queue("the receiver closes and goes on, list", search::bounded(1),
        {unbounded, closed_and_drained, 1});
  queue("the receiver closes and goes on, list of a sole receiver", search::bounded(1),
        {unbounded, closed_and_drained, 1, true});
  // The first thread sees that its message has been taken, and finds nothing; the second is told that the
  // ring is full, so that must have been before.
  queue("full, and empty after another's receive, ring of 2", search::bounded(1),
        {2, {{try_send(1), try_recv()}, {try_send(2), try_send(3)}, {try_recv()}}, 1});
  for (const auto& [name, capacity] : {std::pair{"ring of 1", std::optional<std::size_t>(1)},
                                       {"ring of 2", 2},
                                       {"list", unbounded}}) {
    const std::string of = std::string(", ") + name;
    queue(("two by two" + of).c_str(), search::random(300'000), {capacity, two_by_two, 1});
    if (capacity) with_faults("two by two" + of, {capacity, two_by_two, 1});
    queue(("two senders" + of).c_str(), capacity ? search::bounded(1) : search::random(300'000),
          {capacity, two_senders, 1});
    queue(("two receivers" + of).c_str(), search::bounded(1), {capacity, two_receivers, 1});
    queue(("the receiver closes" + of).c_str(), search::bounded(1),
          {capacity, closed_by_receiver, 2});
    queue(("the sender closes" + of).c_str(), search::bounded(1), {capacity, closed_by_sender, 2});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check
