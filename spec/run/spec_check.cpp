// SPDX-License-Identifier: MIT
#include "spec_check.hpp"

#include "program.hpp"
#include "temporary_directory.hpp"
#include "verifier_output.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace runnel::spec {
namespace {

constexpr const char* replay_trail = "trail";

std::vector<std::string> search_command(const planned_check& planned,
                                        const verifier_options& verifiers) {
  std::vector<std::string> command = {(verifiers.directory / planned.verifier).string(),
                                      "-m" + std::to_string(verifiers.most_depth), "-w20"};
  if (planned.is_formula()) {
    command.emplace_back("-a");
    if (planned.fairness) command.emplace_back("-f");
    command.insert(command.end(), {"-N", planned.property});
  }
  return command;
}

trail replay(const planned_check& planned, const verifier_options& verifiers,
             const temporary_directory& where) {
  std::vector<std::string> command = {(verifiers.directory / planned.verifier).string(), "-r",
                                      "-S"};
  if (planned.is_formula()) command.insert(command.end(), {"-N", planned.property});
  return read_trail(run_program(command, where.path()).output);
}

/// What is violated, by its name in the manifest.
std::string violated(const planned_check& planned, const verification& v, const trail& way) {
  if (v.error.starts_with("invalid end state")) return failure::deadlock;
  if (v.error.starts_with("acceptance cycle")) return planned.property;
  if (!way.violated.empty()) return way.violated;
  return planned.property == "agreement" ? failure::disagreement : v.error;
}

void note_drift(const planned_check& planned, const verification& v, check::result& r) {
  if (v.numbers == planned.numbers) return;
  const bool failed_before = r.verdict == check::verdict::failed && r.failure != planned.verdict;
  r.verdict = check::verdict::failed;
  r.message += (r.message.empty() ? "" : "; ") + std::string("expected ") + text(planned.numbers) +
               ", found " + text(v.numbers);
  if (v.spin != planned.spin)
    r.message += " (with Spin " + v.spin + "; the manifest is for Spin " + planned.spin + ")";
  if (!failed_before) r.failure = failure::drift;
}

check::result judge(const planned_check& planned, const verification& v, const trail& way) {
  check::result r;
  r.executions = v.numbers.labels != 0 ? v.numbers.pairs : v.numbers.states;
  if (!v.incomplete.empty()) {
    r.verdict = check::verdict::incomplete;
    r.message = v.incomplete;
    return r;
  }
  const std::string found = v.error.empty() ? holds : violated(planned, v, way);
  if (found != holds) {
    r.verdict = check::verdict::failed;
    r.failure = found;
    r.message = v.error;
    r.history = way.steps;
    r.replay = replay_trail;
  }
  if (found != planned.verdict) r.message = "expected: " + planned.verdict + ", found: " + found;
  note_drift(planned, v, r);
  return r;
}

check::result refuse_limit(const planned_check& planned, std::uint64_t limit) {
  check::result r;
  r.verdict = check::verdict::incomplete;
  r.message = "a verifier cannot stop after " + std::to_string(limit) +
              " states, and this one needs " + std::to_string(planned.numbers.states) +
              ": it was not run";
  return r;
}

}  // namespace

check::result run_planned(const planned_check& planned, const verifier_options& verifiers,
                          const check::options& options) {
  if (!options.replay.empty() && options.replay != replay_trail)
    throw std::invalid_argument("'" + options.replay +
                                "' is no replay of a spec; the only one is " + replay_trail);
  if (options.limit != 0 && options.limit < planned.numbers.states)
    return refuse_limit(planned, options.limit);
  const temporary_directory where;
  const auto line = [&](std::string_view text) {
    const std::uint64_t states = states_so_far(text);
    if (states != 0 && options.progress) options.progress(states, -1);
  };
  const program_end end = run_program(search_command(planned, verifiers), where.path(), line);
  verification v = read_verification(end.output, planned);
  // Needed, and not enough: a verifier ends with status 0 whatever it finds.
  if (!end.normal && v.error.empty())
    v.incomplete = "the verifier did not end well (" + end.how + "): " + end.output;
  return judge(planned, v, v.error.empty() ? trail{} : replay(planned, verifiers, where));
}

std::vector<check::scenario> scenarios_of(const std::filesystem::path& manifest,
                                          const verifier_options& verifiers) {
  std::vector<check::scenario> all;
  check::scenario s;
  s.engine = "spin";
  s.judged_by = check::judge::assertions;
  s.search = check::search::full();
  try {
    for (planned_check& planned : read_manifest(manifest)) {
      s.name = planned.name;
      s.file = planned.file;
      s.expected_failure = planned.verdict == holds ? "" : planned.verdict;
      s.run = [planned = std::move(planned), verifiers](const check::search&,
                                                        const check::options& options) {
        return run_planned(planned, verifiers, options);
      };
      all.push_back(s);
    }
  } catch (const std::exception& e) {
    s.name = "the manifest of the spec is read";
    s.file = "spec/manifest.json";
    s.expected_failure.clear();
    s.run = [message = std::string(e.what())](const check::search&,
                                              const check::options&) -> check::result {
      throw std::runtime_error(message);
    };
    all.assign(1, s);
  }
  return all;
}

}  // namespace runnel::spec
