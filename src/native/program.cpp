// SPDX-License-Identifier: MIT
#include "program.hpp"

#include "imports.hpp"
#include "names.hpp"

#include <sys/single_threaded.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace runnel::model::native {

namespace {

/// As each execution begins: with threads, so that code which asks leaves out nothing; with a buffer of the
/// output that no execution has allocated.
image prepared_image(const native_options& options) {
  __libc_single_threaded = 0;
  static std::array<char, BUFSIZ> output;
  setvbuf(stdout, output.data(), _IOLBF, output.size());
  refuse_unknown_imports(options.allowed_functions);
  return {};
}

}  // namespace

native_program::native_program(std::function<void()> main, const native_options& options)
    : cuts_polls(options.cuts_polls), main_(std::move(main)), image_(prepared_image(options)) {
  if (only_ != nullptr) throw std::logic_error("a program is explored already");
  if (image::has_thread_locals()) pointers_.emplace();
  know_names();
  only_ = this;
}

native_program::~native_program() {
  image_.restore();
  only_ = nullptr;
}

void native_program::before() {
  image_.restore();
  team.reset();
  memory.reset();
  objects.reset();
  const auto body = [](void* p) -> void* {
    try {
      (*static_cast<std::function<void()>*>(p))();
    } catch (...) {
      runnel_uncaught();
    }
    return nullptr;
  };
  if (pointers_) {
    pointers_->reset();
    pointers_->point_to(0);
  }
  team.run(0, body, &main_);
}

void native_program::switches(unsigned from, unsigned to) {
  if (!pointers_) {
    if (to < max_threads) team.switches(from, to);
  } else if (to < max_threads) {
    pointers_->point_to(to);
  } else {
    pointers_->point_back();
  }
}

}  // namespace runnel::model::native
