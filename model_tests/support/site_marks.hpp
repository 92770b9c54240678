// SPDX-License-Identifier: MIT
//
// Which order sites a search on the explorer has come to. A site is known as soon as a function with
// it is compiled, and marked whenever its operation is run.
#pragma once

#include <runnel/core/site.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::check {

class site_mark {
 public:
  explicit site_mark(std::string_view name) : name_(name), next_(first()) { first() = this; }
  site_mark(const site_mark&) = delete;
  site_mark& operator=(const site_mark&) = delete;

  void set() { set_ = true; }

  static void clear_all() {
    for (site_mark* m = first(); m != nullptr; m = m->next_) m->set_ = false;
  }
  static std::vector<std::string> names_of_set() {
    std::vector<std::string> names;
    for (const site_mark* m = first(); m != nullptr; m = m->next_) {
      if (m->set_) names.emplace_back(m->name_);
    }
    std::ranges::sort(names);
    return names;
  }

 private:
  static site_mark*& first() {
    static site_mark* all = nullptr;
    return all;
  }

  std::string_view name_;
  site_mark* next_;
  bool set_ = false;
};

template <core::site_name N>
inline site_mark mark_of{N.view()};

}  // namespace runnel::check
