// SPDX-License-Identifier: MIT
#include "junit.hpp"

#include "html.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <string_view>

namespace runnel::cli {
namespace {

using nlohmann::ordered_json;

/// Valid UTF-8 without the characters that XML cannot contain.
std::string xml_text(const std::string& text) {
  const std::string quoted =
      ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string escaped;
  for (const char c : html::escape(ordered_json::parse(quoted).get<std::string>())) {
    // In attributes they would become spaces.
    switch (c) {
      case '\n': escaped += "&#10;"; break;
      case '\t': escaped += "&#9;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

void write_case(std::ostream& out, const junit_case& c) {
  out << "    <testcase classname=\"" << xml_text(c.class_name) << "\" name=\"" << xml_text(c.name)
      << "\" time=\"" << c.seconds << '"';
  const auto element = [&](std::string_view tag) {
    out << ">\n      <" << tag << " type=\"" << xml_text(c.type) << "\" message=\""
        << xml_text(c.message) << "\">" << xml_text(c.details) << "</" << tag
        << ">\n    </testcase>\n";
  };
  switch (c.verdict) {
    case junit_verdict::passed: out << "/>\n"; break;
    case junit_verdict::failed: element("failure"); break;
    case junit_verdict::error: element("error"); break;
    case junit_verdict::skipped:
      out << ">\n      <skipped message=\"" << xml_text(c.message) << "\"/>\n    </testcase>\n";
  }
}

}  // namespace

void write_junit(std::ostream& out, const std::string& suite, const std::vector<junit_case>& cases,
                 double seconds) {
  const auto number = [&](junit_verdict v) {
    return std::to_string(std::ranges::count(cases, v, &junit_case::verdict));
  };
  const std::string counts = " tests=\"" + std::to_string(cases.size()) + "\" failures=\"" +
                             number(junit_verdict::failed) + "\" errors=\"" +
                             number(junit_verdict::error) + "\" skipped=\"" +
                             number(junit_verdict::skipped) + "\" time=\"" +
                             std::to_string(seconds) + "\"";
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" << counts
      << ">\n  <testsuite name=\"" << xml_text(suite) << '"' << counts << ">\n";
  for (const junit_case& c : cases) write_case(out, c);
  out << "  </testsuite>\n</testsuites>\n";
}

}  // namespace runnel::cli
