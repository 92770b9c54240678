// SPDX-License-Identifier: MIT
#include "references.hpp"

#include "terminal/html.hpp"

#include <algorithm>
#include <cctype>

namespace runnel::cli::book {
namespace {

bool is_of_a_name(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

std::string link(const std::string& to, const std::string& shown) {
  return "<a href=\"" + html::escape(to) + "\">" + shown + "</a>";
}

}  // namespace

std::string page_of_site(std::string_view site) { return "sites/" + std::string(site) + ".html"; }

std::string page_of_source(std::string_view file) {
  std::string name(file);
  std::ranges::replace(name, '/', '-');
  return "sources/" + name + ".html";
}

std::string anchor_of(std::string_view scenario) {
  std::string anchor;
  for (const char c : scenario) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      anchor += c;
    } else if (!anchor.empty() && anchor.back() != '-') {
      anchor += '-';
    }
  }
  if (!anchor.empty() && anchor.back() == '-') anchor.pop_back();
  return anchor;
}

references::references(const contents& c, bool at_top) : up_(at_top ? "" : "../") {
  for (const site_entry& s : c.sites) sites_.insert(s.site.name);
}

std::string references::site(std::string_view name) const {
  const std::string shown = "<code>" + html::escape(name) + "</code>";
  return sites_.contains(name) ? link(to(page_of_site(name)), shown) : shown;
}

std::string references::sites(const std::vector<std::string>& names) const {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + site(name);
  return all;
}

std::string references::scenario(std::string_view name) const {
  return link(to(scenarios_page) + "#" + anchor_of(name), html::escape(name));
}

std::string references::source(std::string_view file, std::size_t line) const {
  const std::string number = std::to_string(line);
  return link(to(page_of_source(file)) + "#line-" + number, html::escape(file) + ":" + number);
}

std::string references::text(std::string_view plain) const {
  std::string all;
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t end = at;
    while (end < plain.size() && is_of_a_name(plain[end])) ++end;
    std::size_t name_end = end;
    while (name_end > at && plain[name_end - 1] == '.') --name_end;
    const std::string_view name = plain.substr(at, name_end - at);
    if (sites_.contains(name)) {
      all += link(to(page_of_site(name)), html::escape(name));
      at = name_end;
      continue;
    }
    if (end == at) ++end;
    all += html::escape(plain.substr(at, end - at));
    at = end;
  }
  return all;
}

}  // namespace runnel::cli::book
