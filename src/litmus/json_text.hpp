// SPDX-License-Identifier: MIT
//
// Writes JSON: a page in a browser has no library for it that does without exceptions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace runnel::litmus_core {

/// An object or a list that is being written: `{`, its members, `}`.
class json_text {
 public:
  enum class kind : std::uint8_t { object, list };
  explicit json_text(kind k) : kind_(k), text_(k == kind::object ? "{" : "[") {}

  /// With its sign; in an object `name` is what it is called, in a list it is left out.
  json_text& number(std::string_view name, std::int64_t n) {
    return written(name, std::to_string(n));
  }
  json_text& number(std::int64_t n) { return number({}, n); }
  json_text& text(std::string_view name, std::string_view t) { return written(name, quoted(t)); }
  json_text& text(std::string_view t) { return text({}, t); }
  json_text& truth(std::string_view name, bool b) { return written(name, b ? "true" : "false"); }
  /// JSON that has been written.
  json_text& written(std::string_view name, std::string_view json) {
    if (text_.size() > 1) text_ += ',';
    if (kind_ == kind::object) (text_ += quoted(name)) += ':';
    text_ += json;
    return *this;
  }
  json_text& written(std::string_view json) { return written({}, json); }
  json_text& written(std::string_view name, json_text json) { return written(name, json.end()); }
  json_text& written(json_text json) { return written({}, json.end()); }

  /// The whole of it; nothing can be added after that.
  [[nodiscard]] std::string end() { return std::move(text_) + (kind_ == kind::object ? '}' : ']'); }

  static std::string quoted(std::string_view t);

 private:
  kind kind_;
  std::string text_;
};

inline json_text json_object() { return json_text(json_text::kind::object); }
inline json_text json_list() { return json_text(json_text::kind::list); }

}  // namespace runnel::litmus_core
