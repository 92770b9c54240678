// SPDX-License-Identifier: MIT
//
// The global new and delete of the program under test: so it is known where an object was made, and that it is
// deleted in the way in which it was made.
#include "posix_memory.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <optional>

namespace runnel::model::native {

namespace {

// Nothing can be thrown through the door.
void* make(std::size_t size, std::size_t alignment, heap_form form) {
  const call c;
  if (c.of_program()) {
    if (void* const p = give(c, size, alignment, form)) return p;
    unsupported(c, "more memory than an execution has is asked for");
  }
  void* const p = alignment > usual_alignment ? __libc_memalign(alignment, size)
                                              : __libc_malloc(std::max<std::size_t>(size, 1));
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

void end(void* p, heap_form form, std::optional<std::size_t> size = {},
         std::size_t alignment = usual_alignment) {
  const call c;
  if (p == nullptr) return;
  if (c.of_program()) {
    take_back(c, p, {form, size, alignment});
  } else {
    __libc_free(p);
  }
}

}  // namespace

}  // namespace runnel::model::native

using runnel::model::native::end;
using runnel::model::native::make;
using runnel::model::native::usual_alignment;
using enum runnel::model::heap_form;

// NOLINTBEGIN
extern "C" {

void* runnel_do__Znwm(std::size_t size) { return make(size, usual_alignment, object); }
void* runnel_do__Znam(std::size_t size) { return make(size, usual_alignment, array); }
void* runnel_do__ZnwmSt11align_val_t(std::size_t size, std::size_t a) {
  return make(size, a, object);
}
void* runnel_do__ZnamSt11align_val_t(std::size_t size, std::size_t a) {
  return make(size, a, array);
}

void runnel_do__ZdlPv(void* p) { end(p, object); }
void runnel_do__ZdaPv(void* p) { end(p, array); }
void runnel_do__ZdlPvm(void* p, std::size_t size) { end(p, object, size); }
void runnel_do__ZdaPvm(void* p, std::size_t size) { end(p, array, size); }
void runnel_do__ZdlPvSt11align_val_t(void* p, std::size_t a) { end(p, object, {}, a); }
void runnel_do__ZdaPvSt11align_val_t(void* p, std::size_t a) { end(p, array, {}, a); }
void runnel_do__ZdlPvmSt11align_val_t(void* p, std::size_t size, std::size_t a) {
  end(p, object, size, a);
}
void runnel_do__ZdaPvmSt11align_val_t(void* p, std::size_t size, std::size_t a) {
  end(p, array, size, a);
}
}
// NOLINTEND
