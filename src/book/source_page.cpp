// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "elements.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

namespace runnel::cli::book {

page source_page(const contents& c, const source_file& file) {
  const references links(c, false);
  std::set<std::size_t> marked;
  for (const site_entry& s : c.sites) {
    if (s.site.file == file.name) marked.insert(s.site.line);
  }
  const auto lines = lines_of(file.text);
  return {page_of_source(file.name), file.name,
          "<h1>" + html::escape(file.name) + "</h1>\n" +
              code_block(lines, 1, lines.size(), marked, links, true)};
}

}  // namespace runnel::cli::book
