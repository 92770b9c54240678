// SPDX-License-Identifier: MIT
#include <runnel/model/native.hpp>

#include "program.hpp"

#include <runnel/model/check.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

explore_result explore_native(const std::function<void()>& main, const explore_options& options,
                              const native_options& native) {
  native::native_program p(main, native);
  explore_options how = options;
  how.watches_memory = false;  // each access is seen
  return explore(p, how);
}

int check_native(std::string_view name, const std::function<void()>& main, int argc,
                 const char* const* argv) {
  native_options native;
  std::vector<const char*> others;
  for (int i = 0; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == "--cut-polls") {
      native.cuts_polls = true;
    } else if (argument == "--allow-call" && i + 1 < argc) {
      native.allowed_functions.emplace_back(argv[++i]);
    } else {
      others.push_back(argv[i]);
    }
  }
  std::string said(name);
  if (native.cuts_polls) said += " (polls cut short)";
  for (const std::string& f : native.allowed_functions) said += " (" + f + "() not looked into)";
  native::native_program p(main, native);
  return check(said, p, static_cast<int>(others.size()), others.data());
}

}  // namespace runnel::model
