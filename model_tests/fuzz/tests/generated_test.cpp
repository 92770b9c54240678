// SPDX-License-Identifier: MIT
#include "fuzz/generated.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace runnel::check::fuzz {
namespace {

generated mpsc(std::vector<thread_program> threads) { return {{1, std::move(threads)}}; }
generated mpmc(std::vector<thread_program> threads) { return {{1, std::move(threads)}, true}; }

TEST(Generated, ProgramsOfASeedAreTheSameEverywhere) {
  EXPECT_EQ(text(generate(1, 0)),
            "mpsc, unbounded, blocks of 1: sender({send(1), send(2), clone_sender()}), "
            "receiver({try_recv(), recv()})");
  EXPECT_EQ(text(generate(1, 84)),
            "mpmc, capacity 1: sender({send_for(1)}), receiver({recv_for(), drop_receiver()}), "
            "draining_receiver({try_recv()})");
  EXPECT_EQ(text(generate(1, 3)),
            "mpsc, capacity 1 and unbounded: "
            "thread({select_for({{1, send(1)}, {0, recv()}})}), "
            "thread({try_select({{0, send(2)}, {0, send(3)}})})");
  EXPECT_EQ(text(generate(~std::uint64_t{0}, ~std::uint64_t{0})),
            "mpsc, rendezvous and unbounded: "
            "thread({select({{1, recv()}, {0, recv()}}), try_select({{1, recv()}, {0, recv()}})}), "
            "thread({select({{1, send(1)}, {1, send(2)}})})");
}

TEST(Generated, AnotherSeedOrNumberIsAnotherProgram) {
  std::set<std::string> texts;
  for (std::uint64_t i = 0; i < 50; ++i) {
    texts.insert(text(generate(1, i)));
    texts.insert(text(generate(2, i)));
    texts.insert(text(generate(std::uint64_t{1} << 32U, i)));
  }
  EXPECT_GT(texts.size(), 140U);
}

/// Words that occur in the programs.
std::set<std::string> words_of(const std::string& line) {
  std::set<std::string> words;
  std::string word;
  for (const char c : line) {
    if (c == '_' || (c >= 'a' && c <= 'z')) {
      word += c;
    } else {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

TEST(Generated, EachIsValidAndEverythingOccurs) {
  std::set<std::string> words;
  std::set<std::string> channels;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const generated g = generate(3, i);
    const std::string line = text(g);
    ASSERT_TRUE(is_valid(g)) << line;
    ASSERT_LE(operations(g), 12U) << line;
    words.merge(words_of(line));
    if (g.selects) continue;
    channels.insert(line.substr(0, line.find(':')) + ", " +
                    std::to_string(g.program.threads.size()));
  }
  for (const char* word :
       {"send",           "try_send",      "send_for",          "recv",
        "try_recv",       "recv_for",      "clone_sender",      "drop_sender",
        "clone_receiver", "drop_receiver", "look_from_sender",  "look_from_receiver",
        "sender",         "receiver",      "draining_receiver", "plain",
        "select",         "try_select",    "select_for",        "fair_select"})
    EXPECT_TRUE(words.contains(word)) << word;
  // Rendezvous, capacities 1 and 2, blocks of 1 and 2, for mpsc and mpmc, with 2 and 3 threads, but
  // for one that is not compiled; and two kinds of blocks without memory.
  EXPECT_EQ(channels.size(), 5U * 2 * 2 - 1 + 3);
}

TEST(Generated, SelectsAreOfAllKinds) {
  std::set<std::string> channels;
  std::set<std::string> first_cases;
  for (std::uint64_t i = 3; i < 4000; i += 4) {
    const generated g = generate(3, i);
    ASSERT_TRUE(g.selects);
    ASSERT_LE(estimated_size(*g.selects), greatest_selects);
    const std::string line = text(g);
    channels.insert(line.substr(0, line.find(':')) + ", " +
                    std::to_string(g.selects->threads.size()));
    std::string directions;
    for (const auto& c : g.selects->threads[0][0].cases)
      directions += std::to_string(c.channel) + (spec::is_send(c.call.op) ? "s" : "r");
    first_cases.insert(directions);
  }
  // One channel and two, of three flavours, for mpsc and mpmc, with 2 and 3 threads.
  EXPECT_EQ(channels.size(), (3U + 3 * 3) * 2 * 2);
  // Each way on one channel twice; each way on each of two in either order, once and twice.
  EXPECT_EQ(first_cases.size(), 2U + 4 * 2 * 2);
}

TEST(Generated, SelectsThatMightWaitForEverAreNotValid) {
  const std::vector<select_step> both = {select({{0, recv()}, {1, send(1)}})};
  const std::vector<select_step> other = {plain(0, send(2)), plain(1, recv())};
  const auto valid = [](std::vector<std::vector<select_step>> threads, bool mpmc = true) {
    return is_valid(select_program{{1, rendezvous}, std::move(threads)}, mpmc);
  };
  EXPECT_TRUE(valid({both, other}));
  EXPECT_TRUE(valid({both, other, other}));
  EXPECT_FALSE(valid({both, other, other}, false));  // two receivers of a channel
  EXPECT_FALSE(valid({both}));
  EXPECT_FALSE(valid({both, both}));                 // on the same side
  EXPECT_FALSE(valid({{plain(0, recv())}, other}));  // and not for both
  EXPECT_TRUE(valid({{plain(0, try_recv())}, other}));
  EXPECT_FALSE(valid({{select({{0, recv()}, {0, recv()}})}, other}));
  EXPECT_TRUE(valid({{select_for({{0, recv()}, {0, recv()}})}, other}));
  EXPECT_FALSE(valid({{try_select({{0, recv()}, {0, send(1)}})}, other}));  // on both sides
  EXPECT_FALSE(valid({both, {plain(2, send(2))}}));                         // no such channel
  EXPECT_FALSE(valid({both, {select({})}}));
  EXPECT_FALSE(valid({both, {select({{0, send(1)}, {0, send(2)}, {0, send(3)}, {0, send(4)}})}}));
}

TEST(Generated, WhatCannotRunIsNotValid) {
  const thread_program sends = sender({send(1)});
  const thread_program receives = receiver({recv()});
  EXPECT_TRUE(is_valid(mpsc({sends, receives})));
  EXPECT_FALSE(is_valid(mpsc({sends})));
  EXPECT_FALSE(is_valid(mpsc({sends, sends})));
  EXPECT_FALSE(is_valid(mpsc({receives, receives})));
  EXPECT_FALSE(is_valid(mpsc({sends, sends, sends, receives})));
  EXPECT_FALSE(is_valid(mpsc({sends, receives, receives})));
  EXPECT_TRUE(is_valid(mpmc({sends, receives, receives})));
  EXPECT_FALSE(is_valid(mpsc({sends, receiver({clone_receiver()})})));
  EXPECT_TRUE(is_valid(mpmc({sends, receiver({clone_receiver()})})));
  generated list = mpmc({sends, receives});
  list.program.capacity = unbounded;
  list.program.block_length = 2;
  EXPECT_FALSE(is_valid(list));
}

TEST(Generated, EachCallNeedsAHandleOfItsSide) {
  const thread_program receives = receiver({recv()});
  const auto is_valid_sender = [&](std::vector<step> steps) {
    return is_valid(mpsc({sender(std::move(steps)), receives}));
  };
  EXPECT_FALSE(is_valid_sender({recv()}));
  EXPECT_FALSE(is_valid_sender({look_from_receiver()}));
  EXPECT_FALSE(is_valid_sender({drop_receiver()}));
  EXPECT_FALSE(is_valid_sender({drop_sender(), send(1)}));
  EXPECT_FALSE(is_valid_sender({drop_sender(), drop_sender()}));
  EXPECT_FALSE(is_valid_sender({clone_sender(), clone_sender()}));
  EXPECT_TRUE(is_valid_sender({clone_sender(), drop_sender(), send(1), drop_sender()}));
  const thread_program sends = sender({send(1)});
  EXPECT_FALSE(is_valid(mpsc({sends, draining_receiver({drop_receiver()})})));
  EXPECT_FALSE(is_valid(mpsc({sends, {role::sender, {}, true}, receives})));
}

TEST(Generated, ValuesAreNumbered) {
  program p{1, {sender({send(9), try_send(9), look_from_sender()}), sender({send_for(9)})}};
  number_values(p);
  EXPECT_EQ(text(p.threads[0]), "sender({send(1), try_send(2), look_from_sender()})");
  EXPECT_EQ(text(p.threads[1]), "sender({send_for(3)})");
  select_program s{
      {1}, {{select({{0, send(9)}, {0, send(9)}})}, {plain(0, recv())}, {plain(0, send(9))}}};
  number_values(s);
  EXPECT_EQ(
      text(s),
      "capacity 1: thread({select({{0, send(1)}, {0, send(2)}})}), thread({plain(0, recv())}), "
      "thread({plain(0, send(3))})");
}

}  // namespace
}  // namespace runnel::check::fuzz
