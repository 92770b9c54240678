// SPDX-License-Identifier: MIT
#include "orders.hpp"

#include "rules.hpp"
#include "site_comment.hpp"
#include "source_text.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <regex>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace runnel::cli {
namespace {

/// A site where it stands in the code, and the comment above it once it has been found.
struct occurrence {
  order_site site;
  std::size_t offset = 0;
  bool commented = false;
};

/// The offset at which the bracket that encloses `at` opens; npos if there is none.
std::size_t enclosing_bracket(const std::string& structure, std::size_t at) {
  int depth = 0;
  while (at-- > 0) {
    const char c = structure[at];
    if (c == ')' || c == '}' || c == ']') ++depth;
    if ((c == '(' || c == '{' || c == '[') && depth-- == 0) return at;
  }
  return std::string::npos;
}

/// The name of the function whose argument stands at `at`.
std::string called_function(const std::string& structure, std::size_t at) {
  const std::size_t open = enclosing_bracket(structure, at);
  if (open == std::string::npos || structure[open] != '(') return {};
  static const std::regex last_word("([A-Za-z_0-9]+)\\s*$");
  std::smatch match;
  const std::size_t from = open > 80 ? open - 80 : 0;
  const std::string before = structure.substr(from, open - from);
  return std::regex_search(before, match, last_word) ? match[1].str() : std::string();
}

/// What stands before `end`, back to what is no name, dot, arrow or bracket.
std::string operand_before(const std::string& structure, std::size_t end) {
  int depth = 0;
  std::size_t begin = end;
  for (; begin > 0; --begin) {
    const char c = structure[begin - 1];
    const bool opens = c == '(' || c == '[';
    if (opens && depth-- == 0) break;
    if (c == ')' || c == ']') ++depth;
    const bool of_a_name = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (depth == 0 && !opens && !of_a_name && c != '.' && c != '-' && c != '>') break;
  }
  return structure.substr(begin, end - begin);
}

/// The atomic on which the function is called whose argument stands at `at`: the first argument of
/// await, else what stands before the dot. Its last name, or two if that is of a member: "tail_.at".
std::string called_on(const std::string& structure, std::size_t at, const std::string& function) {
  const std::size_t open = enclosing_bracket(structure, at);
  if (open == std::string::npos || function == "fence") return {};
  const std::size_t before = structure.find_last_not_of(" \n", open - function.size() - 1);
  std::string operand = function == "await"
                            ? structure.substr(open + 1, structure.find(',', open) - open - 1)
                            : operand_before(structure, before + 1);
  static const std::regex brackets(R"(\([^()]*\)|\[[^\[\]]*\]|\s+)");
  static const std::regex name(R"(([A-Za-z_0-9]*_(\.|->))?([A-Za-z_0-9]+)(\.|->)?$)");
  operand = std::regex_replace(operand, brackets, "");
  std::smatch match;
  return std::regex_search(operand, match, name) ? match[1].str() + match[3].str() : std::string();
}

/// The words between brackets, without what qualifies them: "core::acquire" is "acquire".
std::vector<std::string> order_list(std::string text) {
  static const std::regex noise("\\s+|[A-Za-z_0-9]+::|memory_order_");
  text = std::regex_replace(text, noise, "");
  std::vector<std::string> orders(1);
  for (const char c : text) {
    if (c == ',') {
      orders.emplace_back();
    } else {
      orders.back() += c;
    }
  }
  return orders;
}

/// The end of the statement that begins at `from`: a semicolon, or a brace at the end of a line.
std::size_t end_of_statement(const std::string& structure, std::size_t from) {
  int depth = 0;
  for (std::size_t i = from; i < structure.size(); ++i) {
    const char c = structure[i];
    if (depth <= 0 && c == ';') return i;
    if (c == '{' && depth <= 0) {
      const std::size_t next = structure.find_first_not_of(" \t\r", i + 1);
      if (next == std::string::npos || structure[next] == '\n') return i;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && --depth < 0) return i;
  }
  return structure.size();
}

bool is_blank_line(const std::string& text, std::size_t from) {
  const std::size_t first = text.find_first_not_of(" \t\r", from);
  return first == std::string::npos || text[first] == '\n';
}

class reader {
 public:
  explicit reader(const source_file& file) : file_(file), text_(lex(file.text)) {}

  void run() {
    find_sites();
    for (std::size_t i = 0; i < text_.comments.size(); ++i) {
      const comment_block& block = text_.comments[i];
      const auto comments = parse_site_comments(block);
      if (comments.empty()) continue;
      const std::size_t end =
          i + 1 < text_.comments.size() ? text_.comments[i + 1].begin : text_.code.size();
      attach(comments, block.end, end);
    }
    for (const occurrence& o : occurrences_)
      if (!o.commented && !named_.contains(o.site.name))
        fail(o.site.line, "the site " + o.site.name + " has no comment directly above it");
  }

  std::vector<order_site> sites() const {
    std::vector<order_site> all;
    for (const occurrence& o : occurrences_) all.push_back(o.site);
    return all;
  }
  const std::vector<source_error>& errors() const { return errors_; }

 private:
  void fail(std::size_t line, std::string message) {
    errors_.push_back({file_.name, line, std::move(message)});
  }

  void find_sites() {
    static const std::regex site("\\bat\\s*<\\s*\"([^\"]*)\"\\s*>\\s*\\(([^()]*)\\)");
    const std::string& code = text_.code;
    for (std::sregex_iterator match(code.begin(), code.end(), site), end; match != end; ++match) {
      occurrence o;
      o.offset = static_cast<std::size_t>(match->position());
      o.site.name = (*match)[1];
      o.site.file = file_.name;
      o.site.line = text_.line_of(o.offset);
      o.site.operation = called_function(text_.structure, o.offset);
      o.site.object = called_on(text_.structure, o.offset, o.site.operation);
      o.site.orders = order_list((*match)[2]);
      occurrences_.push_back(std::move(o));
    }
  }

  /// The comments of a block speak of the sites that follow, as many as they name; the first one is
  /// in the statement directly below.
  void attach(const std::vector<site_comment>& comments, std::size_t from, std::size_t to) {
    std::size_t count = 0;
    for (const site_comment& comment : comments) count += comment.names.size();
    std::vector<occurrence*> below;
    for (occurrence& o : occurrences_)
      if (o.offset >= from && o.offset < to && below.size() < count) below.push_back(&o);
    if (!below.empty() && below[0]->offset > end_of_statement(text_.structure, from)) below.clear();
    if (is_blank_line(text_.code, from)) below.clear();
    for (const site_comment& comment : comments) {
      for (const std::string& mistake : comment.mistakes)
        fail(comment.line, comment.names[0] + ": " + mistake);
      if (comment.reason.empty()) fail(comment.line, comment.names[0] + " gives no reason");
      for (const std::string& name : comment.names) attach(comment, name, below);
    }
  }

  void attach(const site_comment& comment, const std::string& name,
              const std::vector<occurrence*>& below) {
    if (!named_.insert(name).second) fail(comment.line, name + " has a second comment");
    const auto here = std::ranges::find(below, name, [](auto* o) { return o->site.name; });
    if (here == below.end()) {
      const bool exists =
          std::ranges::any_of(occurrences_, [&](const auto& o) { return o.site.name == name; });
      fail(comment.line, exists ? "the comment on " + name + " is not directly above its operation"
                                : "there is no site " + name + " below this comment");
      return;
    }
    occurrence& o = **here;
    o.commented = true;
    o.site.needs = comment.needs;
    o.site.also = comment.also;
    o.site.handshake = comment.handshake;
    o.site.reason = comment.reason;
  }

  const source_file& file_;
  source_text text_;
  std::vector<occurrence> occurrences_;
  std::set<std::string> named_;
  std::vector<source_error> errors_;
};

}  // namespace

const order_site* site_called(const order_table& table, const std::string& name) {
  const auto site = std::ranges::find(table.sites, name, &order_site::name);
  return site == table.sites.end() ? nullptr : &*site;
}

order_table read_orders(const std::vector<source_file>& files) {
  order_table table;
  for (const source_file& file : files) {
    reader r(file);
    r.run();
    std::ranges::move(r.sites(), std::back_inserter(table.sites));
    std::ranges::copy(r.errors(), std::back_inserter(table.errors));
  }
  check_rules(table);
  std::ranges::sort(table.errors, [](const source_error& a, const source_error& b) {
    return std::tie(a.file, a.line, a.message) < std::tie(b.file, b.line, b.message);
  });
  return table;
}

}  // namespace runnel::cli
