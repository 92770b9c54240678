// SPDX-License-Identifier: MIT
#include "result_files.hpp"

#include "model/interception.hpp"
#include "model/place_name.hpp"
#include "picture/dot.hpp"
#include "picture/remedy.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"
#include "weaker.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace runnel::model {

namespace {

using cli::explanation;
using cli::quoted_site;
namespace html = cli::html;

/// The line, without what it is indented by; empty if the file is not to be had.
std::string code_at(const std::string& file, std::size_t line) {
  std::ifstream in(file);
  std::string text;
  for (std::size_t n = 0; n < line; ++n)
    if (!std::getline(in, text)) return {};
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin);
}

/// Places that are lines, where the file is still where the compiler has found it.
std::vector<quoted_site> quote(const explanation& e, const std::string& weakened) {
  std::vector<quoted_site> quoted;
  for (const std::string& place : cli::places_shown(e.shown)) {
    const auto file = e.shown.picture.files.find(place);
    if (file == e.shown.picture.files.end()) continue;
    const std::size_t colon = place.rfind(':');
    const std::size_t line = std::stoul(place.substr(colon + 1));
    const std::string code = code_at(file->second, line);
    if (!code.empty())
      quoted.push_back({place, place.substr(0, colon), line, code, place == weakened});
  }
  return quoted;
}

bool is_of(const picture_event& e, ordered_operation o) {
  switch (e.kind) {
    case step::load:
      return o == (e.compares ? ordered_operation::failed_compare : ordered_operation::load);
    case step::store: return o == ordered_operation::store;
    case step::update: return o == ordered_operation::update;
    case step::fence: return o == ordered_operation::fence;
    default: return false;
  }
}

std::string title_of(const checked& c) {
  if (!c.weakening) return c.name;
  return c.name + ", " + c.weakening->use.place + ": " + text_of(c.weakening->use.order) + " to " +
         text_of(c.weakening->to);
}

checked with(const checked& c, const order_use& use, std::memory_order to) {
  checked weaker = c;
  weaker.weakening = weakening{use, to};
  return weaker;
}

const char* const book_style = R"(
td.needed { color: var(--good); font-weight: bold; }
td.open { color: var(--bad); font-weight: bold; }
)";

/// What came of a weaker order, with a link to its page if it has one.
std::string trial_cell(const std::string& directory, const checked& c, const order_finding& f,
                       const order_trial& t) {
  const std::string order = text_of(t.weaker);
  if (!t.fails()) return order + (t.is_open() ? " is open" : " passes");
  const checked weaker = with(c, f.use, t.weaker);
  if (t.result.picture.events.empty()) return html::escape(order + " fails: " + t.result.failure);
  const std::string name = name_of(*weaker.weakening);
  cli::write_files(directory, name, explanation_of(weaker, t.result));
  return html::escape(order) +
         " fails: " + html::link(html::file_name(name) + ".html", t.result.failure);
}

std::string row(const std::string& directory, const checked& c, const order_finding& f) {
  std::string trials;
  for (const order_trial& t : f.trials)
    trials += (trials.empty() ? "" : "; ") + trial_cell(directory, c, f, t);
  const bool relaxed = f.use.order == std::memory_order::relaxed;
  const std::string verdict =
      relaxed         ? html::element("td", "")
      : f.is_needed() ? html::element("td", "needed", "needed")
                      : html::element("td", f.is_open() ? "open" : "not needed", "open");
  return "<tr>" + html::element("td", f.use.place) + html::element("td", name_of(f.use.operation)) +
         html::element("td", text_of(f.use.order)) + verdict + "<td>" + trials + "</td></tr>\n";
}

}  // namespace

std::string replay_command(const checked& c, const explore_result& r) {
  std::string command = cli::shell_word(c.program);
  if (c.weakening) command += " --weaken " + cli::shell_word(name_of(*c.weakening));
  if (c.memory_model == memory_model::cxx20) command += " --memory-model cxx20";
  command += " --replay " + r.replay;
  if (r.failure == endless_execution) command += " --timeout 1";
  if (!c.arguments.empty()) command += ' ' + c.arguments;
  return command;
}

explanation explanation_of(const checked& c, const explore_result& r) {
  explanation e;
  e.title = title_of(c);
  e.scenario = e.title;
  e.failure = r.failure;
  e.message = r.message;
  e.found = cli::count_text(r.failures, r.is_smallest);
  e.shown.picture = cli::shortened(r.picture);
  e.shown.caption = r.failure;
  if (c.weakening) {
    const order_use& use = c.weakening->use;
    e.remedy = cli::remedy_of(e.shown, [&](const picture_event& event) {
      return event.place == use.place && is_of(event, use.operation) ? use.order : event.order;
    });
  } else {
    e.remedy = cli::suggested_remedy(e.shown);
  }
  e.sites = quote(e, c.weakening ? c.weakening->use.place : "");
  e.command = replay_command(c, r);
  cli::tell(e);
  return e;
}

std::string write_order_book(const std::string& directory, const checked& c,
                             const std::vector<order_finding>& findings) {
  std::filesystem::create_directories(directory);
  const std::string path = (std::filesystem::path(directory) / "index.html").string();
  cli::output_file index(path);
  std::string body = html::element("h1", c.name) +
                     html::element("p",
                                   "Each memory order of the check, and what happens with the "
                                   "orders that are a step weaker: an order is needed if the check "
                                   "fails with each of them.") +
                     "<div class=\"wide\"><table>\n<tr><th>place</th><th>operation</th>"
                     "<th>order</th><th></th><th>weaker orders</th></tr>\n";
  for (const order_finding& f : findings) body += row(directory, c, f);
  index.stream() << html::page(c.name, body + "</table></div>\n", book_style);
  index.commit();
  return path;
}

}  // namespace runnel::model
