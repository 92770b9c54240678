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
  EXPECT_EQ(text(generate(~std::uint64_t{0}, ~std::uint64_t{0})),
            "mpmc, rendezvous: sender({send(1)}), receiver({try_recv(), recv_for()})");
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
    channels.insert(line.substr(0, line.find(':')) + ", " +
                    std::to_string(g.program.threads.size()));
  }
  for (const char* word :
       {"send", "try_send", "send_for", "recv", "try_recv", "recv_for", "clone_sender",
        "drop_sender", "clone_receiver", "drop_receiver", "look_from_sender", "look_from_receiver",
        "sender", "receiver", "draining_receiver"})
    EXPECT_TRUE(words.contains(word)) << word;
  // Rendezvous, capacities 1 and 2, blocks of 1 and 2, for mpsc and mpmc, with 2 and 3 threads, but
  // for one that is not compiled; and two kinds of blocks without memory.
  EXPECT_EQ(channels.size(), 5U * 2 * 2 - 1 + 3);
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
}

}  // namespace
}  // namespace runnel::check::fuzz
