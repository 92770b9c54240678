// SPDX-License-Identifier: MIT
#include "remedy.hpp"

#include "model/place_name.hpp"
#include "relations.hpp"
#include "story.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::step;

using orders = std::function<std::memory_order(const picture_event&)>;

/// The execution as it would be with other orders; the places at which they differ.
std::set<std::string> reorder(picture& p, const orders& other) {
  std::set<std::string> places;
  for (picture_event& e : p.events) {
    if (!has_order(e) || e.silent) continue;
    const std::memory_order order = other(e);
    if (order == e.order) continue;
    e.order = order;
    places.insert(e.place + " were " + model::text_of(order));
  }
  return places;
}

std::string joined_with_and(const std::vector<std::string>& parts) {
  std::string s;
  for (std::size_t i = 0; i < parts.size(); ++i)
    s += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return s;
}

/// Why the first precedes the second in the order of seq_cst events.
std::string precedence(const drawing& d, std::size_t a, std::size_t b) {
  const picture_event& x = d.picture.events[a];
  const picture_event& y = d.picture.events[b];
  if (x.thread == y.thread) return "comes first in " + d.picture.threads[x.thread];
  const bool same = !x.object.empty() && x.object == y.object;
  if (same && model::reads(x) && !model::writes(x))
    return "reads the value before it is overwritten";
  if (same && model::writes(x) && model::reads(y) && !model::writes(y))
    return "writes what is read";
  if (same) return "comes first in the modification order";
  return "has to come first";
}

class remedy_finder {
 public:
  remedy_finder(drawing& d, const orders& other)
      : d_(d), restored_(d.picture), places_(reorder(restored_, other)) {}

  std::string sentence() {
    if (places_.empty()) return {};
    find_missing();
    const std::string condition = "If " + joined_with_and({places_.begin(), places_.end()}) + ", ";
    std::string s;
    if (!d_.missing.empty()) s = condition + synchronization() + ".";
    ends_ = true;
    const auto race = racing(restored_);
    if (!race.empty() && orders_either_way(race[0], race[1]))
      return s + " Then the two accesses that race would be ordered by happens-before.";
    d_.incoherent = incoherent(restored_);
    if (!d_.incoherent.empty()) {
      add_way(d_.incoherent[0], d_.incoherent[1]);
      return s + (s.empty() ? condition + "t" : " T") + coherence(d_.incoherent);
    }
    d_.cycle = cycle_of_seq_cst(restored_);
    if (d_.cycle.empty()) {
      ends_ = false;
      return s;
    }
    for (std::size_t i = 0; i < d_.cycle.size(); ++i)
      add_way(d_.cycle[i], d_.cycle[(i + 1) % d_.cycle.size()]);
    return s + (s.empty() ? condition + "t" : " T") + total_order();
  }

  /// After sentence(): the execution would not fail in this way.
  [[nodiscard]] bool ends_the_failure() const { return ends_; }

 private:
  void find_missing() {
    const auto before = model::synchronizes_with(d_.picture);
    for (const model::picture_edge& edge :
         essential(restored_, model::synchronizes_with(restored_))) {
      if (std::ranges::find(before, edge) == before.end()) d_.missing.push_back(edge);
    }
    d_.missing_label = "missing: sw";
  }

  void add_way(std::size_t from, std::size_t to) {
    const auto edges = way(restored_, from, to);
    d_.path.insert(d_.path.end(), edges.begin(), edges.end());
  }
  bool orders_either_way(std::size_t a, std::size_t b) {
    add_way(a, b);
    if (d_.path.empty()) add_way(b, a);
    return !d_.path.empty();
  }

  [[nodiscard]] std::string synchronization() const {
    std::vector<std::string> edges;
    for (const auto& [from, to] : d_.missing)
      edges.push_back(where(d_, from) + " would synchronize with " + where(d_, to));
    return joined_with_and(edges);
  }

  [[nodiscard]] std::string coherence(const std::vector<std::size_t>& pair) const {
    const picture_event& second = d_.picture.events[pair[1]];
    return "his execution would not exist: " + where(d_, pair[0]) + " would happen before " +
           where(d_, pair[1]) + ", which " +
           (model::writes(second) ? "writes an earlier value in the modification order of "
                                  : "reads an older value of ") +
           name_of(d_, second.object) + ".";
  }

  [[nodiscard]] std::string total_order() const {
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < d_.cycle.size(); ++i) {
      const std::size_t next = d_.cycle[(i + 1) % d_.cycle.size()];
      steps.push_back(where(d_, d_.cycle[i]) + " before " + where(d_, next) + " (it " +
                      precedence(d_, d_.cycle[i], next) + ")");
    }
    return "his execution would not exist: the single total order S of seq_cst operations would "
           "have "
           "to have " +
           joined_with_and(steps) + ", a circle.";
  }

  drawing& d_;
  picture restored_;
  std::set<std::string> places_;
  bool ends_ = false;
};

/// All operations of a kind at a place.
struct changed_operation {
  std::string place;
  step kind = step::load;
  bool compares = false;
  std::memory_order to = std::memory_order::seq_cst;

  [[nodiscard]] bool is_of(const picture_event& e) const {
    return e.place == place && e.kind == kind && e.compares == compares;
  }
};

/// Orders that are stronger, the weakest first.
std::vector<std::memory_order> stronger(const picture_event& e) {
  using enum std::memory_order;
  const auto adds = [&](std::memory_order o) {
    switch (e.order) {
      case relaxed: return true;
      case seq_cst: return false;
      case acq_rel: return o == seq_cst;
      default: return o == seq_cst || o == acq_rel;
    }
  };
  std::vector<std::memory_order> all{acquire, seq_cst};
  if (e.kind == step::store) all = {release, seq_cst};
  if (e.kind == step::update) all = {acquire, release, acq_rel, seq_cst};
  std::erase_if(all, std::not_fn(adds));
  return all;
}

/// Each order of the picture that could be stronger, and by how much; seq_cst last.
std::vector<changed_operation> changes(const picture& p) {
  std::vector<changed_operation> all;
  std::vector<changed_operation> last;
  for (const picture_event& e : p.events) {
    const bool accesses = model::reads(e) || model::writes(e);
    if (!accesses || e.place.empty()) continue;
    for (const std::memory_order o : stronger(e)) {
      auto& list = o == std::memory_order::seq_cst ? last : all;
      const auto known = [&](const changed_operation& c) { return c.is_of(e) && c.to == o; };
      if (std::ranges::none_of(list, known)) list.push_back({e.place, e.kind, e.compares, o});
    }
  }
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

/// With these changes: a sentence if the execution would not fail in this way, and what it speaks of.
std::optional<std::pair<drawing, std::string>> tried(const drawing& d,
                                                     std::span<const changed_operation> changed) {
  drawing with = d;
  remedy_finder finder(with, [&](const picture_event& e) {
    const auto change =
        std::ranges::find_if(changed, [&](const changed_operation& c) { return c.is_of(e); });
    return change == changed.end() ? e.order : change->to;
  });
  const std::string sentence = finder.sentence();
  if (!finder.ends_the_failure()) return std::nullopt;
  return std::pair(std::move(with), sentence);
}

/// One change that is enough, or two.
std::optional<std::pair<drawing, std::string>> least_change(const drawing& d) {
  const std::vector<changed_operation> all = changes(d.picture);
  for (const changed_operation& c : all)
    if (auto found = tried(d, std::array{c})) return found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (auto found = tried(d, std::array{all[i], all[j]})) return found;
  }
  return std::nullopt;
}

}  // namespace

bool has_order(const model::picture_event& e) {
  return model::reads(e) || model::writes(e) || e.kind == step::fence;
}

std::string remedy_of(drawing& d,
                      const std::function<std::memory_order(const picture_event&)>& intended) {
  return remedy_finder(d, intended).sentence();
}

std::string suggested_remedy(drawing& d) {
  // The search is cubic, twice over.
  constexpr std::size_t large = 100;
  if (d.picture.events.size() > large) return {};
  auto found = least_change(d);
  if (!found) return {};
  d = std::move(found->first);
  return found->second +
         " That is the least that would do for this execution; others may still fail.";
}

}  // namespace runnel::cli
