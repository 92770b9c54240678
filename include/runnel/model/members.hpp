// SPDX-License-Identifier: MIT
//
// Names of members, where an object cannot be given one as it is made: a class that ships with std::atomic
// has no argument for it.
#pragma once

#include <runnel/core/language.hpp>

#include <cstddef>
#include <string_view>

/// Calls each of the members as it is called in the source, in counterexamples: in the constructor of the class,
/// `RUNNEL_MODEL_MEMBERS(head_, tail_);`. Members that cannot have a name, such as those of type std::atomic, are
/// left as they are, so that what ships may say it too.
#define RUNNEL_MODEL_MEMBERS(...) \
  ::runnel::model::name_members<::runnel::model::member_names{#__VA_ARGS__}>(__VA_ARGS__)

namespace runnel::model {

/// The arguments of RUNNEL_MODEL_MEMBERS, as text: one string after the other.
template <std::size_t N>
struct member_names {
  char text[N + 1]{};
  std::size_t count = 1;

  /// Takes what stands between commas.
  consteval member_names(const char (&arguments)[N]) {  // NOLINT(google-explicit-constructor)
    char* end = text;
    for (const char c : std::string_view(arguments)) {
      if (c == ' ') continue;
      if (c == ',') ++count;
      *end++ = c == ',' ? '\0' : c;
    }
  }
};

/// What RUNNEL_MODEL_MEMBERS does. `Names` is a member_names.
template <auto Names, class... Members>
void name_members(const Members&... members) {
  static_assert(Names.count == sizeof...(Members),
                "RUNNEL_MODEL_MEMBERS takes members, separated by commas");
  const char* name = Names.text;  // that of the template argument, which lasts
  const auto name_next = [&name](const auto& member) {
    if constexpr (requires { member.set_name(name); }) member.set_name(name);
    name += std::string_view(name).size() + 1;
  };
  (name_next(members), ...);
}

}  // namespace runnel::model
