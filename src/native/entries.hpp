// SPDX-License-Identifier: MIT
//
// What the functions behind the door (door.hpp) have in common.
#pragma once

#include "door.hpp"
#include "names.hpp"
#include "program.hpp"

#include "model/execution.hpp"

#include <dlfcn.h>

#include <cstdint>
#include <utility>

namespace runnel::model::native {

/// The call of an entry: by code of the program, if it is that.
class call {
 public:
  call() : door_(std::exchange(runnel_caller, nullptr)) {}
  [[nodiscard]] bool of_program() const { return door_ != nullptr; }
  [[nodiscard]] place where() const { return place_of_return(door_->return_address()); }
  [[nodiscard]] const native::door& door() const { return *door_; }
  [[nodiscard]] static native_program& program() { return native_program::only(); }
  [[nodiscard]] static unsigned thread() { return execution::current().thread(); }
  [[nodiscard]] static thread_of_program& me() { return program().team[thread()]; }
  /// The thread does something else than to read.
  static void acts() { me().states.clear(); }

 private:
  native::door* const door_;
};

/// The function of that name in the libraries behind this one.
template <class F>
F* behind(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace runnel::model::native
