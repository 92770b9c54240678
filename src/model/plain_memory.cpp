// SPDX-License-Identifier: MIT
#include "plain_memory.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace runnel::model {

namespace {

/// What a thread finds in place of a change that does not happen before.
constexpr int garbage = 0xB6;

}  // namespace

plain_memory::plain_memory(const memory& first, const memory& second)
    : watched_{{{&first, memory::map()}, {&second, memory::map()}}} {}

plain_memory::~plain_memory() {
  for (const watched& w : watched_) memory::unmap(w.known);
}

void plain_memory::begin() {
  watching_ = true;
  hidden_last_.reset();
  hidden_ = 0;
  changes_.clear();
  stored_.clear();
  pieces_.clear();
  known_size_ = 0;
  for (const watched& w : watched_) {
    for (unsigned t = 0; t < max_threads; ++t) {
      const std::span<std::byte> used = w.of->used_part(t);
      if (!used.empty()) grows(used.data(), used.size());
    }
  }
}

void plain_memory::end() {
  for (change& c : changes_) put(c, true);
  watching_ = false;
}

void plain_memory::grows(std::byte* p, std::size_t size) {
  if (!watching_) return;
  std::byte* const copy = known(p);
  std::memcpy(copy, p, size);
  known_size_ += size;
  most_known_ = std::max(most_known_, known_size_);
  const auto before = std::ranges::find_if(
      pieces_, [p](const piece& known) { return known.now + known.size == p; });
  if (before != pieces_.end()) {
    before->size += size;
  } else {
    pieces_.push_back({p, copy, size});
  }
}

std::optional<plain_memory::change> plain_memory::look(const viewer& v) {
  for (const piece& p : pieces_) {
    for (std::size_t i = 0; i < p.size; ++i) {
      if (p.now[i] == p.known[i]) continue;
      std::size_t end = i + 1;
      while (end < p.size && p.now[end] != p.known[end]) ++end;
      if (auto other = found(&p.now[i], end - i, v)) return other;
      i = end;
    }
  }
  return {};
}

/// The viewer has changed these bytes.
std::optional<plain_memory::change> plain_memory::found(std::byte* begin, std::size_t size,
                                                        const viewer& v) {
  std::byte* const end = begin + size;
  for (const change& c : changes_) {
    if (c.begin < end && begin < c.begin + c.size && !v.knows(c)) return c;
  }
  cut_out(begin, end);
  changes_.push_back(
      {begin, size, static_cast<std::uint16_t>(v.thread), v.time, true, stored_.size()});
  stored_.insert(stored_.end(), begin, end);
  std::memcpy(known(begin), begin, size);
  return {};
}

/// Of the changes so far, what is there.
void plain_memory::cut_out(const std::byte* begin, const std::byte* end) {
  const std::size_t n = changes_.size();
  for (std::size_t i = 0; i < n; ++i) {
    change& c = changes_[i];
    std::byte* const c_end = c.begin + c.size;
    if (c_end <= begin || end <= c.begin) continue;
    change after = c;
    const auto before_size = static_cast<std::size_t>(std::max<std::ptrdiff_t>(begin - c.begin, 0));
    const auto after_size = static_cast<std::size_t>(std::max<std::ptrdiff_t>(c_end - end, 0));
    c.size = before_size;
    if (after_size == 0) continue;
    after.begin = c_end - after_size;
    after.stored += after.size - after_size;
    after.size = after_size;
    changes_.push_back(after);
    if (!after.shown) ++hidden_;
  }
  const auto gone = std::ranges::remove_if(changes_, [this](const change& c) {
    if (c.size == 0 && !c.shown) --hidden_;
    return c.size == 0;
  });
  changes_.erase(gone.begin(), gone.end());
}

void plain_memory::show_to(const viewer& v) {
  for (change& c : changes_) put(c, v.knows(c));
}

void plain_memory::put(change& c, bool shown) {
  if (c.shown == shown) return;
  if (shown) {
    std::memcpy(c.begin, stored_.data() + c.stored, c.size);
    --hidden_;
  } else {
    std::memset(c.begin, garbage, c.size);
    ++hidden_;
    hidden_last_ = c;
  }
  c.shown = shown;
  std::memcpy(known(c.begin), c.begin, c.size);
}

void plain_memory::forget(const void* p, std::size_t size) {
  if (!watching_ || around(p) == nullptr) return;
  const auto* const begin = static_cast<const std::byte*>(p);
  if (!changes_.empty()) cut_out(begin, begin + size);
  std::memcpy(known(begin), p, size);
}

const plain_memory::watched* plain_memory::around(const void* p) const {
  const auto w =
      std::ranges::find_if(watched_, [p](const watched& m) { return m.of->contains(p); });
  return w == watched_.end() ? nullptr : &*w;
}

std::byte* plain_memory::known(const std::byte* p) const {
  const watched& w = *around(p);
  return w.known + w.of->offset(p);
}

}  // namespace runnel::model
