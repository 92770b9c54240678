// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <iterator>
#include <sstream>

namespace runnel::litmus {

namespace {

bool has_all(const std::string& outcome, const std::string& values) {
  std::istringstream parts(values);
  for (std::string part; parts >> part;) {
    if ((' ' + outcome + ' ').find(' ' + part + ' ') == std::string::npos) return false;
  }
  return true;
}

void append(std::string& text, char name, int value) {
  if (!text.empty()) text += ' ';
  text += name;
  text += '=' + std::to_string(value);
}

}  // namespace

outcomes outcomes::every(std::initializer_list<std::pair<char, int>> registers) {
  outcomes all{""};
  for (const auto& [name, count] : registers) {
    outcomes longer;
    for (const std::string& text : all.texts_) {
      for (int value = 0; value < count; ++value) {
        std::string t = text;
        append(t, name, value);
        longer.texts_.insert(t);
      }
    }
    all = longer;
  }
  return all;
}

outcomes outcomes::with(const std::string& text) const {
  outcomes more = *this;
  more.texts_.insert(text);
  return more;
}

outcomes outcomes::but(const std::string& values) const {
  outcomes rest = *this;
  std::erase_if(rest.texts_, [&](const std::string& t) { return has_all(t, values); });
  return rest;
}

unsigned location_of(char letter) {
  switch (letter) {
    case 'x': return x;
    case 'y': return y;
    case 'z': return z;
    default: return w;
  }
}

std::string text_of(const registers& r, const program& p, const std::vector<int>& finals) {
  std::string text;
  for (std::size_t i = 0; i < registers::count; ++i) {
    if ((r.known >> i & 1U) != 0) append(text, static_cast<char>('a' + i), r.value[i]);
  }
  for (std::size_t i = 0; i < finals.size(); ++i) append(text, p.finals[i], finals[i]);
  return text;
}

std::vector<program> all_programs() {
  std::vector<program> all;
  for (auto* family : {coherence_programs, message_passing_programs, buffering_programs,
                       release_sequence_programs, seq_cst_programs, rmw_programs, await_programs,
                       data_structure_programs, synthetic_programs}) {
    std::vector<program> programs = family();
    all.insert(all.end(), std::make_move_iterator(programs.begin()),
               std::make_move_iterator(programs.end()));
  }
  return all;
}

}  // namespace runnel::litmus
