// SPDX-License-Identifier: MIT
//
// The module of WebAssembly that the page has: one program at a time. Texts are handed over as bytes in its memory.
#include "litmus/answers.hpp"

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace core = runnel::litmus_core;

/// The page's own: whether a search has taken long enough. `done`: how much of it is done, 0 to 1.
__attribute__((import_module("page"), import_name("is_over"))) extern "C" int page_is_over(
    double done);

namespace {

core::answers program;
std::string answer;

const char* answered(std::string text) {
  answer = std::move(text);
  return answer.c_str();
}

bool is_over(double done) { return page_is_over(done) != 0; }

}  // namespace

// There is nobody to whom it could be said; without this the module would take streams in to say it.
void std::__libcpp_verbose_abort(const char*, ...) { __builtin_trap(); }

extern "C" {

/// Room for a text; its owner releases it.
__attribute__((export_name("allocate"))) void* litmus_allocate(std::size_t size) {
  return std::malloc(size);
}
__attribute__((export_name("release"))) void litmus_release(void* text) { std::free(text); }

// What these return stands until the next call, and ends with a byte 0.

__attribute__((export_name("search"))) const char* litmus_search(const char* text, std::size_t size,
                                                                 const char* model,
                                                                 unsigned rounds) {
  const std::optional<core::model_name> m = core::model_called(model);
  return answered(m ? program.search({text, size}, *m, rounds, is_over) : "null");
}

__attribute__((export_name("execution"))) const char* litmus_execution(std::size_t number) {
  return answered(program.execution_at(number));
}

__attribute__((export_name("explain"))) const char* litmus_explain() {
  return answered(program.explain(is_over));
}

__attribute__((export_name("forbidden"))) const char* litmus_forbidden(std::size_t number) {
  return answered(program.forbidden_at(number));
}

}  // extern "C"
