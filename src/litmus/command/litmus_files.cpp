// SPDX-License-Identifier: MIT
#include "litmus_files.hpp"

#include "litmus/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace runnel::cli {
namespace fs = std::filesystem;

namespace {

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  for (const fs::directory_entry& e : fs::recursive_directory_iterator(folder)) {
    if (e.is_regular_file() && e.path().extension() == ".litmus")
      files.push_back(e.path().string());
  }
  if (files.empty()) throw std::runtime_error("there is no file *.litmus in " + folder);
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<std::string> litmus_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (!fs::exists(path)) throw std::runtime_error("there is no file " + path);
    if (fs::is_directory(path)) {
      std::ranges::move(files_below(path), std::back_inserter(files));
    } else {
      files.push_back(path);
    }
  }
  return files;
}

read_file read_litmus_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::runtime_error("cannot read " + path);
  read_file f{path, litmus_core::read(text, fs::path(path).stem().string()), {}};
  if (!f.content.program) f.error = litmus_core::text_of(f.content.error, text, path);
  return f;
}

}  // namespace runnel::cli
