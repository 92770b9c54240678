// SPDX-License-Identifier: MIT
#include "reader.hpp"

#include "cppmem_reader.hpp"
#include "herd_reader.hpp"
#include "text.hpp"

#include <utility>

namespace runnel::litmus_core {

reading read(std::string_view text, std::string name) {
  lexer l(text);
  const word first = l.next();
  if (first.text == "C") return read_herd(text);
  if (first.text == "int") return read_cppmem(text, std::move(name));
  reading none;
  none.error = {
      first.at,
      "expected 'C' and the name of a test, as herd has it, or 'int main()', as CppMem "
      "has it, found " +
          (first.is == word::kind::end ? "the end" : "'" + std::string(first.text) + "'")};
  return none;
}

std::string text_of(const reading_error& e, std::string_view text, const std::string& file) {
  std::string line(line_of(text, e.at.line));
  while (!line.empty() && line.back() == '\r') line.pop_back();
  std::string mark;
  for (std::size_t i = 0; i + 1 < e.at.column; ++i)
    mark += i < line.size() && line[i] == '\t' ? '\t' : ' ';
  return file + ':' + std::to_string(e.at.line) + ':' + std::to_string(e.at.column) + ": " +
         e.message + "\n  " + line + "\n  " + mark + "^\n";
}

}  // namespace runnel::litmus_core
