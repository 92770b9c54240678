// SPDX-License-Identifier: MIT
#include "scenario_explanation.hpp"

#include "orders/steps.hpp"
#include "picture/remedy.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <map>
#include <regex>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::step;

/// The line in which the site stands, and those before it from its operation on.
std::string code_of(const std::vector<source_file>& sources, const order_site& site) {
  constexpr std::size_t most = 3;
  const auto source = std::ranges::find(sources, site.file, &source_file::name);
  if (source == sources.end()) return {};
  const auto lines = lines_of(source->text);
  std::string code;
  for (std::size_t n = 0; n < most && n < site.line && site.line <= lines.size(); ++n) {
    const std::string& line = lines[site.line - 1 - n];
    code = line.substr(std::min(line.find_first_not_of(' '), line.size())) +
           (code.empty() ? "" : " ") + code;
    if (code.find(site.operation + "(") != std::string::npos) break;
  }
  return code;
}

/// An atomic is called as the source calls it at a site that comes to it, with the number that the
/// history gives it.
std::map<std::string, std::string> names_of(const picture& p, const order_table& table) {
  std::map<std::string, std::string> names;
  for (const picture_event& e : p.events) {
    const std::size_t number = e.object.find(' ');
    if (number == std::string::npos) continue;
    const std::string suffix = " #" + e.object.substr(number + 1);
    const order_site* const site = site_called(table, e.place);
    if (site != nullptr && !site->object.empty()) {
      names.try_emplace(e.object, site->object + suffix);
    } else if (!e.object.starts_with("atomic")) {
      names.try_emplace(e.object, e.object.substr(0, number) + suffix);
    }
  }
  return names;
}

std::string renamed(const std::map<std::string, std::string>& names, const std::string& text) {
  static const std::regex object("(atomic|cell) [0-9]+");
  std::string s;
  std::size_t end = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), object), last; match != last; ++match) {
    const auto name = names.find(match->str());
    const auto at = static_cast<std::size_t>(match->position());
    s += text.substr(end, at - end) + (name == names.end() ? match->str() : name->second);
    end = at + static_cast<std::size_t>(match->length());
  }
  return s + text.substr(end);
}

/// The sites of the events that are shown by themselves.
std::vector<quoted_site> quote(const drawing& d, const order_table& table,
                               const std::vector<source_file>& sources,
                               const std::string& weakened) {
  std::vector<quoted_site> quoted;
  for (const std::string& place : places_shown(d)) {
    const order_site* const s = site_called(table, place);
    if (s != nullptr)
      quoted.push_back({s->name, s->file, s->line, code_of(sources, *s), s->name == weakened});
  }
  return quoted;
}

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

}  // namespace

explanation explain(const std::string& scenario, const check::result& result,
                    const order_table& table, const std::vector<source_file>& sources) {
  explanation e;
  e.title = scenario;
  e.scenario = scenario;
  e.failure = result.failure;
  e.found = count_text(result.failures, result.is_smallest);
  drawing& d = e.shown;
  d.picture = shortened(result.picture);
  d.names = names_of(d.picture, table);
  e.message = renamed(d.names, result.message);
  d.caption = e.failure;
  const std::string& weakened = result.weakened;
  e.remedy = remedy_of(d, [&](const picture_event& event) {
    const order_site* const site = site_called(table, event.place);
    if (site == nullptr || (!weakened.empty() && event.place != weakened)) return event.order;
    return intended(event, *site, !weakened.empty());
  });
  e.sites = quote(d, table, sources, weakened);
  tell(e);
  return e;
}

}  // namespace runnel::cli
