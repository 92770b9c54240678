// SPDX-License-Identifier: MIT
//
// Plain memory of an execution: what lies in its memory and is no object of the model. The explorer does
// not see who reads and writes it. But it sees, before each event of a thread, what the thread has changed,
// and decides what the thread finds there:
//
//   changed by        the next thread finds
//   itself            what it has left
//   another, before   the change, if that happens before the moment
//   another, else     garbage, until it does
//
// So a program that is free of races does not notice, and one that is not does something else than it would.
// That two threads change the same byte, and neither change happens before the other, is seen at once.
#pragma once

#include "clock.hpp"
#include "graph.hpp"
#include "memory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace runnel::model {

class plain_memory {
 public:
  /// A span of bytes that a thread has changed, at a point between two of its events (as access_point has
  /// it), and nobody after it.
  struct change {
    std::byte* begin;
    std::size_t size;
    std::uint16_t thread;
    std::int16_t time;
    bool shown;          ///< else garbage lies there
    std::size_t stored;  ///< where its bytes are kept
  };
  /// Who looks, how far it has come, and what happens before that.
  struct viewer {
    unsigned thread;
    std::int16_t time;
    const clock& seen;
    [[nodiscard]] bool knows(const change& c) const {
      return c.thread == thread || seen.seen[c.thread] >= c.time;
    }
  };

  plain_memory(const memory& first, const memory& second);
  ~plain_memory();
  plain_memory(const plain_memory&) = delete;
  plain_memory& operator=(const plain_memory&) = delete;

  /// From now on. What there is was made before all threads.
  void begin();
  /// Shows all again.
  void end();
  [[nodiscard]] bool watching() const { return watching_; }

  /// Whether the thread that runs has changed something since the last look.
  [[nodiscard]] bool differs() const {
    for (const piece& p : pieces_) {
      if (std::memcmp(p.known, p.now, p.size) != 0) return true;
    }
    return false;
  }
  /// Takes that for changes of the viewer. The change of another thread in the same place that does not
  /// happen before, if there is one.
  std::optional<change> look(const viewer& v);
  /// The memory becomes what the viewer may see.
  void show_to(const viewer& v);
  [[nodiscard]] bool hides() const { return hidden_ > 0; }
  /// The change in whose place a thread has found garbage, or could have: the last one.
  [[nodiscard]] const std::optional<change>& hidden_last() const { return hidden_last_; }

  /// The thread has allocated there, and the engine has filled it.
  void grows(std::byte* p, std::size_t size);
  /// What it has held at most, in bytes.
  [[nodiscard]] std::size_t held() const {
    return most_known_ + memory_of(pieces_) + memory_of(changes_) + memory_of(stored_);
  }

  /// The engine has written there; or a value of the model is there, whose accesses are checked.
  void forget(const void* p, std::size_t size);

 private:
  /// What a thread has allocated in a memory.
  struct piece {
    std::byte* now;
    std::byte* known;  ///< the same bytes as they were at the last look, or were shown
    std::size_t size;
  };
  struct watched {
    const memory* of;
    std::byte* known;
  };
  [[nodiscard]] const watched* around(const void* p) const;
  [[nodiscard]] std::byte* known(const std::byte* p) const;
  std::optional<change> found(std::byte* begin, std::size_t size, const viewer& v);
  void cut_out(const std::byte* begin, const std::byte* end);
  void put(change& c, bool shown);

  std::array<watched, 2> watched_;
  std::vector<piece> pieces_;
  std::size_t known_size_ = 0;  ///< of all pieces
  std::size_t most_known_ = 0;
  bool watching_ = false;
  std::optional<change> hidden_last_;
  std::size_t hidden_ = 0;  ///< changes that are not shown
  std::vector<change> changes_;
  std::vector<std::byte> stored_;
};

}  // namespace runnel::model
