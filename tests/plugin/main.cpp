// SPDX-License-Identifier: MIT
//
// Error codes of a plugin are those of the program, though the plugin has categories of its own.
#include <runnel/errors.hpp>

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace {

using runnel::recv_errc;
using runnel::send_errc;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::exit(EXIT_FAILURE);
}
#define EXPECT(...) expect((__VA_ARGS__), #__VA_ARGS__)

using function = void (*)(int, std::error_code*);

function find(void* library, const char* name) {
  auto* const f = reinterpret_cast<function>(dlsym(library, name));
  EXPECT(f != nullptr);
  return f;
}

/// The first two errors of an enumeration, and one of the other with the same number.
template <class Errc, class Other>
void compare(function make, Errc e, Errc another, Other other) {
  std::error_code code;
  make(static_cast<int>(e), &code);
  EXPECT(&code.category() != &std::error_code(e).category());  // or there is nothing to test
  EXPECT(code == e && e == code);
  EXPECT(!(code != e) && !(e != code));
  EXPECT(code != another && code != other && another != code);
  EXPECT(code == std::error_code(e).default_error_condition());
  EXPECT(std::error_code(e) == code.default_error_condition());
  EXPECT(code != std::error_code(another).default_error_condition());
  EXPECT(code != std::error_code(other).default_error_condition());
  EXPECT(code != std::errc::timed_out && code != std::error_code());
}

}  // namespace

int main(int, char** argv) {
  void* const library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) std::fprintf(stderr, "%s\n", dlerror());
  EXPECT(library != nullptr);
  compare(find(library, "code_of_a_receive"), recv_errc::disconnected, recv_errc::timeout,
          send_errc::disconnected);
  compare(find(library, "code_of_a_send"), send_errc::full, send_errc::timeout, recv_errc::empty);
}
