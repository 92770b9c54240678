// SPDX-License-Identifier: MIT
#include "remedy.hpp"

#include "orders/steps.hpp"
#include "picture/relations.hpp"
#include "story.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <set>
#include <vector>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::step;

/// The order that the event has in the source, or has to have for what the comment of its site claims.
std::memory_order intended(const picture_event& e, const order_site& s, bool is_weakened) {
  if (is_weakened) {
    const bool fails = e.kind == step::load && s.orders.size() == 2;
    return order_called(s.orders[fails ? 1 : 0]);
  }
  const bool succeeds = e.kind != step::load || s.orders.size() == 1;
  if (!s.handshake.empty() && succeeds) return std::memory_order::seq_cst;
  if (s.needs.empty() || e.order == std::memory_order::seq_cst || !succeeds) return e.order;
  if (e.kind == step::store) return std::memory_order::release;
  if (e.kind == step::load) return std::memory_order::acquire;
  const bool orders_already = e.order != std::memory_order::relaxed;
  return orders_already ? e.order : std::memory_order::acq_rel;
}

/// The execution as it would be with the intended orders; the places at which they differ.
std::set<std::string> restore(picture& p, const order_table& table, const std::string& weakened) {
  std::set<std::string> places;
  for (picture_event& e : p.events) {
    const order_site* const site = site_called(table, e.place);
    const bool has_order = model::reads(e) || model::writes(e) || e.kind == step::fence;
    if (site == nullptr || !has_order || e.silent || (!weakened.empty() && e.place != weakened))
      continue;
    const std::memory_order order = intended(e, *site, !weakened.empty());
    if (order == e.order) continue;
    e.order = order;
    places.insert(e.place + " were " + std::string(name_of(order)));
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
  remedy_finder(drawing& d, const order_table& table, const std::string& weakened)
      : d_(d), restored_(d.picture), places_(restore(restored_, table, weakened)) {}

  std::string sentence() {
    if (places_.empty()) return {};
    find_missing();
    const std::string condition = "If " + joined_with_and({places_.begin(), places_.end()}) + ", ";
    std::string s;
    if (!d_.missing.empty()) s = condition + synchronization() + ".";
    const auto race = racing(restored_);
    if (!race.empty() && orders(race[0], race[1])) {
      return s + " Then the two accesses that race would be ordered by happens-before.";
    }
    d_.incoherent = incoherent(restored_);
    if (!d_.incoherent.empty()) {
      add_way(d_.incoherent[0], d_.incoherent[1]);
      return s + (s.empty() ? condition + "t" : " T") + coherence(d_.incoherent);
    }
    d_.cycle = cycle_of_seq_cst(restored_);
    if (d_.cycle.empty()) return s;
    for (std::size_t i = 0; i < d_.cycle.size(); ++i)
      add_way(d_.cycle[i], d_.cycle[(i + 1) % d_.cycle.size()]);
    return s + (s.empty() ? condition + "t" : " T") + total_order();
  }

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
  bool orders(std::size_t a, std::size_t b) {
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
};

}  // namespace

std::string remedy_of(drawing& d, const order_table& table, const std::string& weakened) {
  return remedy_finder(d, table, weakened).sentence();
}

}  // namespace runnel::cli
