// SPDX-License-Identifier: MIT
#include "site_comment.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <string_view>

namespace runnel::cli {
namespace {

std::string trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_site_name(const std::string& text) {
  static const std::regex pattern("[a-z0-9_]+(\\.[a-z0-9_]+)+");
  return std::regex_match(text, pattern);
}

/// The sites that a line of a comment begins to speak of, and the rest of that line.
std::optional<site_comment> header_of(const std::string& text, std::string& rest) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.size() < 2 || text[0] != ' ' || text[1] == ' ') return {};
  site_comment comment;
  comment.names = split(std::string_view(text).substr(0, colon), ',');
  if (!std::ranges::all_of(comment.names, is_site_name)) return {};
  rest = text.substr(colon + 1);
  return comment;
}

void parse_partners(site_comment& comment, const std::string& keyword, const std::string& list,
                    std::vector<std::string>& partners) {
  if (!partners.empty()) comment.mistakes.push_back("'" + keyword + "' stands twice");
  for (std::string& partner : split(list, ',')) {
    if (!is_site_name(partner)) {
      comment.mistakes.push_back("'" + partner + "' is not the name of a site");
    } else if (std::ranges::find(partners, partner) != partners.end()) {
      comment.mistakes.push_back("'" + keyword + "' lists " + partner + " twice");
    } else {
      partners.push_back(std::move(partner));
    }
  }
}

void parse_clauses(site_comment& comment, const std::string& text) {
  for (const std::string& clause : split(text, ';')) {
    const std::size_t end = clause.find(' ');
    const std::string keyword = clause.substr(0, end);
    const std::string list = end == std::string::npos ? "" : trim(clause.substr(end));
    if (keyword == "needs" && list == "nothing") continue;
    if (keyword == "needs") {
      parse_partners(comment, keyword, list, comment.needs);
    } else if (keyword == "also") {
      parse_partners(comment, keyword, list, comment.also);
    } else if (keyword == "handshake") {
      parse_partners(comment, keyword, list, comment.handshake);
    } else {
      comment.mistakes.push_back("expected 'needs', 'also' or 'handshake', not '" + clause + "'");
    }
  }
}

}  // namespace

std::vector<site_comment> parse_site_comments(const comment_block& block) {
  std::vector<site_comment> comments;
  for (std::size_t i = 0; i < block.texts.size(); ++i) {
    std::string clauses;
    if (auto header = header_of(block.texts[i], clauses)) {
      header->line = block.line + i;
      while (i + 1 < block.texts.size() && block.texts[i + 1].starts_with("   "))
        clauses += block.texts[++i];
      parse_clauses(*header, clauses);
      comments.push_back(*std::move(header));
    } else if (!comments.empty()) {
      std::string& reason = comments.back().reason;
      const std::string line = trim(block.texts[i]);
      if (!reason.empty() && !line.empty()) reason += ' ';
      reason += line;
    }
  }
  return comments;
}

}  // namespace runnel::cli
