// SPDX-License-Identifier: MIT
#include "source_files.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

source_file read_file(const fs::path& path, const fs::path& top) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || !text) throw std::runtime_error("cannot read " + path.string());
  return {path.lexically_relative(top).generic_string(), text.str()};
}

}  // namespace

std::vector<source_file> read_sources(const fs::path& top) {
  std::vector<source_file> files;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    const fs::path extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".hpp" || extension == ".cpp"))
      files.push_back(read_file(entry.path(), top));
  }
  if (files.empty()) throw std::runtime_error("there is no C++ source in " + top.string());
  std::ranges::sort(files, {}, &source_file::name);
  return files;
}

}  // namespace runnel::cli
