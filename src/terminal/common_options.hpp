// SPDX-License-Identifier: MIT
//
// Options that mean the same wherever they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace runnel::cli {

/// The file that is the standard output.
inline constexpr const char* standard_output = "-";

/// As many as there are processors.
std::size_t default_jobs();

/// PATTERN selects among the things that `of` names: "scenarios whose name". It has the spelling --only as well.
CLI::Option* add_pattern(CLI::App& command, std::string& pattern, const std::string& of,
                         const std::string& old_spellings = {});
/// --jobs: of the things that `what` names so many at once.
CLI::Option* add_jobs(CLI::App& command, std::size_t& jobs, const std::string& what);
/// --timeout: time for each; --seconds is another option, the time for all. What the variable has is the default.
CLI::Option* add_timeout(CLI::App& command, double& timeout, const std::string& what,
                         const std::string& old_spellings = {});
/// --limit: executions. What the variable has is the default.
CLI::Option* add_limit(CLI::App& command, std::uint64_t& limit, const std::string& what,
                       const std::string& old_spellings = {});
/// --limit as well, where at least one has to be looked at.
CLI::Option* add_executions(CLI::App& command, std::uint64_t& limit, const std::string& what,
                            const std::string& old_spellings = {});
/// --json: a file for the results, or the standard output in the place of the text.
CLI::Option* add_json(CLI::App& command, std::string& json);
/// --output: a file, or a directory, for what the command makes beside its report.
CLI::Option* add_output(CLI::App& command, std::string& output, const char* type,
                        const std::string& what, const std::string& old_spellings = {});

}  // namespace runnel::cli
