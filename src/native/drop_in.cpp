// SPDX-License-Identifier: MIT
//
// For programs whose main knows nothing of a check: it becomes thread 0 of what is explored. The program takes
// the options of a check, and behind "--" its own arguments.
#include <runnel/model/native.hpp>

#include <dlfcn.h>
#include <sys/personality.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using main_function = int (*)(int, char**, char**);
main_function main_of_program;

/// Addresses are to be the same in all processes: who replays an execution may depend on them.
void begin_again_at_fixed_addresses(char** argv) {
  const int persona = personality(0xFFFFFFFF);
  if (persona == -1 || (persona & ADDR_NO_RANDOMIZE) != 0) return;
  if (personality(static_cast<unsigned long>(persona) | ADDR_NO_RANDOMIZE) == -1) return;
  execv("/proc/self/exe", argv);
}

int check_main(int argc, char** argv, char** environment) {
  begin_again_at_fixed_addresses(argv);
  char** const end = argv + argc;
  char** const separator = std::find(argv, end, std::string_view("--"));
  std::vector<char*> own{argv[0]};
  if (separator != end) own.insert(own.end(), separator + 1, end);
  own.push_back(nullptr);
  const std::string_view path(argv[0]);
  return runnel::model::check_native(
      path.substr(path.rfind('/') + 1),
      [&] {
        const int status =
            main_of_program(static_cast<int>(own.size()) - 1, own.data(), environment);
        runnel_require(static_cast<int>(status == EXIT_SUCCESS), "main returns 0");
      },
      argc, argv, {.may_exit = true});
}

}  // namespace

extern "C" int __libc_start_main(main_function main, int argc, char** argv,
                                 void (*init)(),  // NOLINT
                                 void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  main_of_program = main;
  const auto start =
      reinterpret_cast<decltype(&__libc_start_main)>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(check_main, argc, argv, init, fini, rtld_fini, stack_end);
}
