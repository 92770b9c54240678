// SPDX-License-Identifier: MIT
#include "dot.hpp"

#include "colours.hpp"
#include "graphviz.hpp"
#include "labels.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <map>
#include <string_view>

namespace runnel::cli {
namespace {

using model::picture_event;
using model::step;

// In points.
constexpr double font = 11;
constexpr double row_gap = 19;
constexpr double line_height = 15;
constexpr double gap = 70;  // between columns
constexpr std::size_t caption_width = 90;

std::string points(double x) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", x);
  return text.data();
}
std::string inches(double x) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", x / 72);
  return text.data();
}

/// The width of a text, as fonts without serifs have it or less.
double width_of(std::string_view text, bool bold) {
  const auto columns = static_cast<double>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  return columns * font * (bold ? 0.67 : 0.61);
}

class writer {
 public:
  explicit writer(const drawing& d) : d_(d), edges_(edges_of(d)), nodes_(nodes_of(d, edges_)) {}

  std::string text() {
    describe();
    place_rows();
    place_columns();
    out_ =
        "digraph execution {\n  graph [splines=true, outputorder=edgesfirst, bgcolor=white, "
        "pad=0.2, esep=\"+3\"];\n"
        "  node [shape=box, style=\"filled,rounded\", " +
        filled(colour::event) + ", color=\"" + std::string(colour::border.light) +
        "\", "
        "fixedsize=true, margin=0, fontname=\"DejaVu Sans,Helvetica,Arial,sans-serif\", "
        "fontsize=" +
        points(font) +
        "];\n"
        "  edge [fontname=\"DejaVu Sans,Helvetica,Arial,sans-serif\", fontsize=9, "
        "arrowsize=0.7];\n";
    add_heads();
    for (std::size_t n = 0; n < nodes_.size(); ++n) add_node(n);
    add_program_order();
    for (const drawn_edge& e : edges_) add_edge(e);
    add_what_is_wrong();
    return out_ + "}\n";
  }

 private:
  struct shown_node {
    std::string first;  // bold
    std::string second;
    double width = 0;
    double height = 0;
    std::size_t row = 0;
  };

  [[nodiscard]] const picture_event& event(std::size_t i) const { return d_.picture.events[i]; }
  [[nodiscard]] bool is_middle(unsigned thread) const {
    return thread != 0 && thread + 1 != d_.picture.threads.size();
  }

  void describe() {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      for (const std::size_t e : nodes_[n].events) node_of_[e] = n;
      shown_node& s = shown_.emplace_back();
      if (nodes_[n].folded()) {
        const unsigned thread = nodes_[n].thread;
        s.second = (is_middle(thread) ? "" : d_.picture.threads[thread] + ": ") + "\u2026 " +
                   std::to_string(nodes_[n].events.size()) + " events";
      } else {
        s.first = event(nodes_[n].events[0]).place;
        s.second = operation_text(d_, nodes_[n].events[0]);
      }
      s.height = (s.first.empty() ? 1 : 2) * line_height + 6;
      s.width = std::max(width_of(s.first, true), width_of(s.second, false)) + 14;
    }
  }

  /// The way down is the longest through program order and edges between threads.
  void place_rows() {
    std::map<unsigned, std::size_t> next;
    std::size_t top = 0;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const unsigned thread = nodes_[n].thread;
      if (thread == 0) shown_[n].row = top++;
    }
    if (top != 0) head_ = top++;  // room for the names of the threads
    std::size_t bottom = top;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const unsigned thread = nodes_[n].thread;
      if (!is_middle(thread)) continue;
      std::size_t row = next.contains(thread) ? next[thread] : top;
      for (const drawn_edge& e : edges_) {
        if (node_of_[e.to] == n && (e.rf || e.sw) && node_of_[e.from] < n)
          row = std::max(row, shown_[node_of_[e.from]].row + 1);
      }
      shown_[n].row = row;
      next[thread] = row + 1;
      bottom = std::max(bottom, row + 1);
    }
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].thread + 1 == d_.picture.threads.size()) shown_[n].row = bottom++;
    }
    place_rows_below_each_other(bottom);
  }

  /// A row is as high as its highest node.
  void place_rows_below_each_other(std::size_t rows) {
    std::vector<double> height(rows, line_height + 6);
    for (const shown_node& s : shown_) height[s.row] = std::max(height[s.row], s.height);
    double y = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      y -= height[row] / 2;
      middle_.push_back(y);
      y -= height[row] / 2 + (row == head_ ? 4 : row_gap);
    }
  }

  void place_columns() {
    double left = 0;
    for (unsigned t = 1; is_middle(t); ++t) {
      double width = width_of(d_.picture.threads[t], true) + 14;
      for (std::size_t n = 0; n < nodes_.size(); ++n) {
        if (nodes_[n].thread == t) width = std::max(width, shown_[n].width);
      }
      centre_[t] = left + width / 2;
      left += width + gap;
    }
    const double middle = std::max(0.0, left - gap) / 2;
    centre_[0] = middle;
    centre_[static_cast<unsigned>(d_.picture.threads.size()) - 1] = middle;
  }

  [[nodiscard]] std::string position(unsigned thread, std::size_t row) const {
    return "pos=\"" + points(centre_.at(thread)) + "," + points(middle_.at(row)) + "\"";
  }
  static std::string size(double width, double height) {
    return "width=" + inches(width) + ", height=" + inches(height);
  }

  /// The caption, and the names of the columns.
  void add_heads() {
    const auto lines = lines_of(wrap(d_.caption, caption_width, 0));
    std::string text;
    double width = 0;
    for (const std::string& line : lines) {
      text += html::escape(line) + "<br/>";
      width = std::max(width, width_of(line, true) * 1.1);
    }
    const double height = static_cast<double>(lines.size()) * line_height * 1.1 + 6;
    const double middle = centre_.at(0);
    out_ += "  caption [shape=plaintext, style=\"\", label=<" + text +
            ">, fontsize=12, fontcolor=\"" + std::string(colour::wrong.light) + "\", pos=\"" +
            points(middle) + "," + points(12 + (head_ == none ? 2 * line_height : 0) + height / 2) +
            "\", " + size(width, height) + "];\n";
    for (unsigned t = 1; is_middle(t); ++t) {
      const double y = middle_.empty() ? 0
                       : head_ == none ? middle_.at(0) + line_height + 6
                                       : middle_.at(head_);
      out_ += "  head" + std::to_string(t) + " [shape=plaintext, style=\"\", label=<<b>" +
              html::escape(d_.picture.threads[t]) + "</b>>, pos=\"" + points(centre_.at(t)) + "," +
              points(y) + "\", " + size(100, line_height) + "];\n";
    }
  }

  void add_node(std::size_t n) {
    const drawn_node& node = nodes_[n];
    const shown_node& s = shown_[n];
    const picture_event& e = event(node.events[0]);
    std::string second = html::escape(s.second);
    if (!node.folded() && e.kind == step::note) second = "<i>" + second + "</i>";
    const bool both = !s.first.empty();
    const std::string label =
        both ? rows({"<b>" + html::escape(s.first) + "</b>", second}) : second;
    out_ += "  n" + std::to_string(n) + " [label=<" + label + ">, " + position(node.thread, s.row) +
            ", " + size(s.width, s.height) + looks(node) + "];\n";
  }

  [[nodiscard]] std::string looks(const drawn_node& node) const {
    const picture_event& e = event(node.events[0]);
    if (node.folded())
      return ", style=\"dashed,rounded\", color=\"" + std::string(colour::folded.light) +
             "\", fontcolor=\"" + std::string(colour::folded_text.light) + "\"";
    if (e.at_fault)
      return ", color=\"" + std::string(colour::wrong.light) + "\", " + filled(colour::at_fault) +
             ", penwidth=2";
    switch (e.kind) {
      case step::note: return ", shape=plaintext, style=\"\"";
      case step::load: return ", " + filled(colour::load);
      case step::store:
      case step::update: return ", " + filled(colour::store);
      case step::fence: return ", " + filled(colour::fence);
      default: return "";
    }
  }

  void add_program_order() {
    std::map<unsigned, std::size_t> last;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const unsigned thread = nodes_[n].thread;
      const auto before = last.find(thread);
      if (before != last.end())
        line(before->second, n, "color=\"" + std::string(colour::program.light) + "\"");
      last[thread] = n;
    }
  }

  void line(std::size_t from, std::size_t to, const std::string& attributes) {
    out_ +=
        "  n" + std::to_string(from) + " -> n" + std::to_string(to) + " [" + attributes + "];\n";
  }

  /// Lines one below the other, not as close as <br/> sets them.
  static std::string rows(const std::vector<std::string>& lines, std::string_view background = {}) {
    std::string s = "<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"1\"";
    if (!background.empty()) s += " bgcolor=\"" + std::string(background) + "\"";
    s += ">";
    for (const std::string& line : lines) s += "<tr><td>" + line + "</td></tr>";
    return s + "</table>";
  }
  static std::string labelled(const std::string& text) {
    return "label=<" + rows({html::escape(text)}, colour::ground.light) + ">";
  }

  static std::string filled(colour::ink c) { return "fillcolor=\"" + std::string(c.light) + "\""; }
  static std::string coloured(colour::ink c) {
    return "color=\"" + std::string(c.light) + "\", fontcolor=\"" + std::string(c.light) + "\"";
  }

  void add_edge(const drawn_edge& e) {
    const bool is_wrong = std::ranges::any_of(
        d_.forbidden, [&](const labelled_edge& f) { return f.from == e.from && f.to == e.to; });
    if (is_wrong) return;
    const std::size_t from = node_of_[e.from];
    const std::size_t to = node_of_[e.to];
    if (e.mo) line(from, to, coloured(colour::modification) + ", " + labelled("mo"));
    if (e.rf && !e.sw) line(from, to, coloured(colour::reads_from) + ", " + labelled("rf"));
    if (e.sw)
      line(from, to,
           coloured(colour::synchronizes) + ", penwidth=2.2, " + labelled(e.rf ? "rf, sw" : "sw"));
  }

  void add_what_is_wrong() {
    const auto race = racing(d_.picture);
    if (!race.empty())
      line(node_of_[race[0]], node_of_[race[1]],
           coloured(colour::wrong) + ", dir=none, penwidth=2.2, " + labelled(d_.caption));
    if (!d_.incoherent.empty())
      line(node_of_[d_.incoherent[1]], node_of_[d_.incoherent[0]],
           coloured(colour::wrong) + ", style=dashed, " + labelled("not coherent"));
    for (const auto& [from, to] : d_.missing)
      line(node_of_[from], node_of_[to],
           coloured(colour::synchronizes) + ", style=dashed, penwidth=2.2, " +
               labelled(d_.missing_label));
    for (const labelled_edge& e : d_.forbidden) {
      if (e.from != e.to)
        line(node_of_[e.from], node_of_[e.to],
             coloured(colour::wrong) + ", penwidth=2.2, " + labelled(e.label));
    }
    for (std::size_t i = 0; i < d_.cycle.size(); ++i)
      line(node_of_[d_.cycle[i]], node_of_[d_.cycle[(i + 1) % d_.cycle.size()]],
           coloured(colour::synchronizes) + ", style=dashed, penwidth=2.2, " + labelled("S"));
  }

  const drawing& d_;
  const std::vector<drawn_edge> edges_;
  const std::vector<drawn_node> nodes_;
  std::vector<shown_node> shown_;
  std::map<std::size_t, std::size_t> node_of_;  // of an event
  std::map<unsigned, double> centre_;           // of a column
  std::vector<double> middle_;                  // of a row
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::size_t head_ = none;  // the row of the names of threads
  std::string out_;
};

/// The title of each node, which browsers show as a tooltip.
std::string tooltip(const drawing& d, const drawn_node& node) {
  std::vector<std::string> lines;
  for (const std::size_t i : node.events) {
    const picture_event& e = d.picture.events[i];
    const std::string operation = operation_text(d, i);
    lines.push_back(e.place.empty() ? operation : e.place + ": " + operation);
    const auto code = d.tooltips.find(e.place);
    if (code != d.tooltips.end() && !node.folded()) lines.push_back(code->second);
  }
  return join(lines, "\n");
}

void replace_title(std::string& svg, const std::string& name, const std::string& title) {
  const std::string old = "<title>" + name + "</title>";
  const std::size_t at = svg.find(old);
  if (at != std::string::npos)
    svg.replace(at, old.size(), "<title>" + html::escape(title) + "</title>");
}

/// Titles of edges, and comments, say nothing to readers.
std::string without_noise(const std::string& svg) {
  std::string s;
  for (const std::string& line : lines_of(svg)) {
    const bool noise =
        (line.starts_with("<!--") && line.ends_with("-->")) ||
        (line.starts_with("<title>") && line.find("&#45;&gt;") != std::string::npos) ||
        line == "<title>execution</title>";
    if (!noise) s += line + '\n';
  }
  return s;
}

}  // namespace

std::string dot_text(const drawing& d) { return writer(d).text(); }

std::string svg_of(const drawing& d) {
  std::string svg = with_labels_apart(without_noise(laid_out(dot_text(d))));
  const auto nodes = nodes_of(d, edges_of(d));
  for (std::size_t n = 0; n < nodes.size(); ++n)
    replace_title(svg, "n" + std::to_string(n), tooltip(d, nodes[n]));
  replace_title(svg, "caption", d.caption);
  for (std::size_t t = 0; t < d.picture.threads.size(); ++t)
    replace_title(svg, "head" + std::to_string(t), d.picture.threads[t]);
  svg.insert(svg.find("<g "), colour::for_the_dark());
  return svg;
}

std::string legend_text(const drawing* shown) {
  const auto edges = shown == nullptr ? std::vector<drawn_edge>() : edges_of(*shown);
  const auto any_edge = [&](bool drawn_edge::* kind) { return std::ranges::any_of(edges, kind); };
  std::string s = "One column for each thread, time goes down.";
  const auto add = [&](const char* sentence, const auto& occurs) {
    if (shown == nullptr || occurs()) s += std::string(" ") + sentence;
  };
  add("Green: a read takes its value from a write (rf).",
      [&] { return any_edge(&drawn_edge::rf); });
  add("Thick blue: it synchronizes (sw).", [&] { return any_edge(&drawn_edge::sw); });
  add("Brown: the next write in the modification order (mo).",
      [&] { return any_edge(&drawn_edge::mo); });
  add("Red: what the failure is about.", [&] {
    return !shown->incoherent.empty() || !shown->forbidden.empty() ||
           std::ranges::any_of(shown->picture.events, &picture_event::at_fault);
  });
  add("Dashed blue: what the right order would add.", [&] { return !shown->missing.empty(); });
  add("Dashed blue, S: what it would put first in the total order of seq_cst.",
      [&] { return !shown->cycle.empty(); });
  add("Dashed grey: other events.",
      [&] { return std::ranges::any_of(nodes_of(*shown, edges), &drawn_node::folded); });
  return s;
}

}  // namespace runnel::cli
