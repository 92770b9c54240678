// SPDX-License-Identifier: MIT
//
// What the commands share.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace runnel::cli {

inline constexpr int wrong_use = 2;

/// Parses the arguments, which runs what they ask for and sets `status`. The exit status of the
/// program: `status`, or `wrong_use` after an error, which is printed.
int run_parsed(CLI::App& app, int argc, const char* const* argv, const int& status);

/// After arguments that could not be parsed, or that ask for help or the version: prints what there is to say, with
/// the option that is nearest to one that there is not. The exit status.
int end_of_parse(CLI::App& app, const CLI::ParseError& error);

/// The last step of a command that would end with `status`: writes its files. The exit status: `wrong_use`
/// in the place of 0 after an error, which is printed, as of a standard output that failed before.
int status_after(int status, const std::function<void()>& write);

/// For options: what is wrong with the text.
std::string refuse_empty(const std::string& text);
std::string refuse_no_count(const std::string& text);
std::string refuse_no_time(const std::string& text);
std::string refuse_zero(const std::string& text);  ///< and what is no count

}  // namespace runnel::cli
