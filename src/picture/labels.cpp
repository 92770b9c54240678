// SPDX-License-Identifier: MIT
#include "labels.hpp"

#include "terminal/text_output.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <vector>

namespace runnel::cli {
namespace {

struct point {
  double x = 0;
  double y = 0;
};

struct box {
  point low;
  point high;

  [[nodiscard]] bool contains(point p) const {
    return p.x > low.x && p.x < high.x && p.y > low.y && p.y < high.y;
  }
  [[nodiscard]] bool contains(const box& b) const {
    return b.low.x >= low.x && b.high.x <= high.x && b.low.y >= low.y && b.high.y <= high.y;
  }
  [[nodiscard]] bool overlaps(const box& b) const {
    return b.low.x < high.x && b.high.x > low.x && b.low.y < high.y && b.high.y > low.y;
  }
  [[nodiscard]] box moved(point by) const {
    return {{low.x + by.x, low.y + by.y}, {high.x + by.x, high.y + by.y}};
  }
  [[nodiscard]] point centre() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2}; }
};

std::string_view attribute(std::string_view line, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=\"";
  const std::size_t at = line.find(begin);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + begin.size());
  return line.substr(0, line.find('"'));
}

double number_in(std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); }

/// The pairs of numbers in the points of a polygon, or in the commands of a path.
std::vector<point> points_of(std::string_view line) {
  std::string text(attribute(line, line.starts_with("<path") ? "d" : "points"));
  std::ranges::replace_if(text, [](char c) { return c == 'M' || c == 'C' || c == ','; }, ' ');
  std::vector<point> points;
  const char* at = text.c_str();
  for (char* end = nullptr;; at = end) {
    const double x = std::strtod(at, &end);
    if (end == at) return points;
    at = end;
    points.push_back({x, std::strtod(at, &end)});
  }
}

box bounds_of(const std::vector<point>& points) {
  constexpr double far = std::numeric_limits<double>::infinity();
  box b{{far, far}, {-far, -far}};
  for (const point p : points)
    b = {{std::min(b.low.x, p.x), std::min(b.low.y, p.y)},
         {std::max(b.high.x, p.x), std::max(b.high.y, p.y)}};
  return b;
}

/// Points along a path of Bézier curves, close to each other.
std::vector<point> along(const std::vector<point>& path) {
  constexpr int pieces = 24;
  std::vector<point> curve;
  for (std::size_t i = 0; i + 3 < path.size(); i += 3) {
    for (int k = 0; k <= pieces; ++k) {
      const double t = static_cast<double>(k) / pieces;
      const double u = 1 - t;
      const auto at = [&](double point::* c) {
        return u * u * u * (path[i].*c) + 3 * u * u * t * (path[i + 1].*c) +
               3 * u * t * t * (path[i + 2].*c) + t * t * t * (path[i + 3].*c);
      };
      curve.push_back({at(&point::x), at(&point::y)});
    }
  }
  return curve;
}

/// An edge, and the lines of its label: the ground, and what is written on it.
struct edge {
  std::vector<point> curve;
  std::vector<std::string> label;
};

/// As Graphviz writes a number.
std::string text_of(double x) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", x);
  return text.data();
}

std::string with_attribute(std::string line, std::string_view name, const std::string& value) {
  const std::string_view old = attribute(line, name);
  line.replace(static_cast<std::size_t>(old.data() - line.data()), old.size(), value);
  return line;
}

std::string moved(const std::string& line, point by) {
  if (line.starts_with("<text")) {
    const double x = number_in(attribute(line, "x")) + by.x;
    const double y = number_in(attribute(line, "y")) + by.y;
    return with_attribute(with_attribute(line, "x", text_of(x)), "y", text_of(y));
  }
  std::string points;
  for (const point p : points_of(line))
    points += (points.empty() ? "" : " ") + text_of(p.x + by.x) + "," + text_of(p.y + by.y);
  return with_attribute(line, "points", points);
}

class placement {
 public:
  explicit placement(const std::string& svg) {
    for (const std::string& line : lines_of(svg)) read(line);
  }

  std::string text() {
    std::string labels;
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (!edges_[i].label.empty()) labels += placed(i);
    return rest_ + labels + end_;
  }

 private:
  void read(const std::string& line) {
    if (line == "</g>" && group_.empty()) {
      end_ = "</g>\n";
      return;
    }
    if (!end_.empty()) {
      end_ += line + '\n';
      return;
    }
    const bool is_of_a_label =
        group_ == "edge" && (line.starts_with("<text") ||
                             (line.starts_with("<polygon") && attribute(line, "fill") == "white"));
    if (is_of_a_label) {
      edges_.back().label.push_back(line);
      return;
    }
    rest_ += line + '\n';
    if (line.starts_with("<g"))
      enter(attribute(line, "class"));
    else if (line == "</g>")
      group_.clear();
    else
      note_shape(line);
  }

  void enter(std::string_view group) {
    if (group == "graph") return;
    group_ = group;
    if (group == "edge") edges_.emplace_back();
  }

  void note_shape(const std::string& line) {
    if (line.starts_with("<text")) {
      boxes_.push_back(bounds_of_text(line));
      return;
    }
    if (!line.starts_with("<path") && !line.starts_with("<polygon")) return;
    const std::vector<point> points = points_of(line);
    if (group_.empty())
      whole_ = bounds_of(points);
    else if (group_ != "edge")
      boxes_.push_back(bounds_of(points));
    else if (line.starts_with("<path"))
      edges_.back().curve = along(points);
    else
      arrows_.push_back(bounds_of(points));
  }

  /// For what stands in no box. The width is a guess, which is not too large: of other text the box is there.
  static box bounds_of_text(std::string_view line) {
    const point at{number_in(attribute(line, "x")), number_in(attribute(line, "y"))};
    const double size = number_in(attribute(line, "font-size"));
    const std::size_t begin = line.find('>') + 1;
    const auto columns = static_cast<double>(std::ranges::count_if(
        line.substr(begin, line.find('<', begin) - begin),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    return {{at.x, at.y - size}, {at.x + 0.55 * size * columns, at.y + 0.3 * size}};
  }

  std::string placed(std::size_t i) {
    const std::vector<std::string>& label = edges_[i].label;
    const box old = bounds_of(points_of(label[0]));
    const box best = best_place(i, old);
    boxes_.push_back(best);
    const point by{best.low.x - old.low.x, best.low.y - old.low.y};
    std::string text = "<g class=\"label\">\n";
    for (const std::string& line : label) text += moved(line, by) + '\n';
    return text + "</g>\n";
  }

  [[nodiscard]] box best_place(std::size_t i, const box& old) const {
    const std::vector<point>& curve = edges_[i].curve;
    const point centre = old.centre();
    box best = old;
    double least = curve.empty() ? 0 : cost(old, i) + old_place;
    for (std::size_t k = curve.size() / 8; k < curve.size() - curve.size() / 8; ++k) {
      for (const double beside : {0.0, -8.0, 8.0, -14.0, 14.0}) {
        const box there = old.moved({curve[k].x - centre.x, curve[k].y - centre.y + beside});
        const double from_middle =
            std::abs(static_cast<double>(k) / static_cast<double>(curve.size() - 1) - 0.5);
        const double now = cost(there, i) + 10 * from_middle + std::abs(beside) / 2;
        if (now < least) {
          least = now;
          best = there;
        }
      }
    }
    return best;
  }

  /// How much is wrong with a place.
  [[nodiscard]] double cost(const box& b, std::size_t own) const {
    constexpr double hidden = 1000;
    constexpr double crossed = 12;
    const auto covered = [&](const std::vector<box>& all) {
      return static_cast<double>(
          std::ranges::count_if(all, [&](const box& other) { return b.overlaps(other); }));
    };
    double sum = hidden * covered(boxes_) + 3 * crossed * covered(arrows_);
    if (!whole_.contains(b)) sum += hidden;
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const bool crosses =
          std::ranges::any_of(edges_[i].curve, [&](point p) { return b.contains(p); });
      if (i != own && crosses) sum += crossed;
    }
    return sum;
  }

  static constexpr double old_place = 6;  // beside the edge, as a rule

  std::string rest_;
  std::string end_;
  std::string group_;  // that the line is in, but for the whole
  std::vector<edge> edges_;
  std::vector<box> boxes_;  // that no label may lie on
  std::vector<box> arrows_;
  box whole_;
};

}  // namespace

std::string with_labels_apart(const std::string& svg) { return placement(svg).text(); }

}  // namespace runnel::cli
