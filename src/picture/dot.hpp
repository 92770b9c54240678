// SPDX-License-Identifier: MIT
//
// Pictures of executions: as text of Graphviz, and as SVG.
#pragma once

#include "drawing.hpp"

#include <string>

namespace runnel::cli {

/// One column for each thread, time goes down: a node stands below those it depends on. Places are given,
/// Graphviz routes the edges (`neato -n`).
std::string dot_text(const drawing& d);

/// As the program `dot` lays it out: an element <svg>, with tooltips. Throws std::runtime_error if
/// there is no such program, or it fails.
std::string svg_of(const drawing& d);

/// What colours and lines mean, for those who read the picture; or of all pictures.
std::string legend_text(const drawing* shown = nullptr);

}  // namespace runnel::cli
