// SPDX-License-Identifier: MIT
#include "colours.hpp"

namespace runnel::cli::colour {

std::string for_the_dark() {
  std::string style =
      "<style>\n@media (prefers-color-scheme: dark) {\nsvg text { fill: #e6e6e6; }\n";
  for (const auto& [light, dark] :
       {ground, reads_from, modification, synchronizes, wrong, program, border, folded, folded_text,
        event, load, store, fence, at_fault}) {
    for (const char* const property : {"fill", "stroke"})
      style += "[" + std::string(property) + "=\"" + std::string(light) + "\"] { " + property +
               ": " + std::string(dark) + "; }\n";
  }
  return style + "}\n</style>\n";
}

}  // namespace runnel::cli::colour
