// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace runnel::cli {

/// Graphviz sets the label of an edge at its middle, whatever is there. This moves each, in a picture that
/// Graphviz wrote (an element in each line), along its edge or a little beside it to where it lies on no
/// box and no other label, and crosses few edges; and puts them above all else, as groups of the class
/// "label".
std::string with_labels_apart(const std::string& svg);

}  // namespace runnel::cli
