// SPDX-License-Identifier: MIT
#include "thread_pointers.hpp"

#include "entries.hpp"

#include <asm/prctl.h>
#include <link.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cxxabi.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace runnel::model::native {

namespace {

/// What a thread of the system says of itself before it sleeps.
std::atomic<std::uintptr_t> told{0};

void* tell_and_sleep(void*) {
  told.store(reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer()));
  told.notify_one();
  for (;;) pause();
}

bool is_this_library(const dl_phdr_info& info) {
  Dl_info self{};
  dladdr(reinterpret_cast<const void*>(&tell_and_sleep), &self);
  return reinterpret_cast<std::uintptr_t>(self.dli_fbase) == info.dlpi_addr;
}

/// The kernel tells whether programs may set the register themselves.
bool may_set_register() {
  constexpr unsigned long fsgsbase = 2;
  static const bool known = (getauxval(AT_HWCAP2) & fsgsbase) != 0;
  return known;
}

}  // namespace

void thread_pointers::set(std::uintptr_t pointer) {
  if (may_set_register()) {
    asm volatile("wrfsbase %0" : : "r"(pointer) : "memory");
    return;
  }
  // Not by a function of the C library, which could look at what it keeps for the thread.
  long status = SYS_arch_prctl;
  asm volatile("syscall"
               : "+a"(status)
               : "D"(static_cast<long>(ARCH_SET_FS)), "S"(pointer)
               : "rcx", "r11", "memory");
}

namespace {

std::uintptr_t current_pointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
}

}  // namespace

thread_pointers::thread_pointers() : own_(current_pointer()) {
  // Of the C++ library: those that are handled, and how many are on their way.
  exceptions_ = own_block(abi::__cxa_get_globals(), sizeof(void*) + sizeof(unsigned));
  error_ = own_block(&errno, sizeof errno);
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto& self = *static_cast<thread_pointers*>(data);
        const bool is_program = *info->dlpi_name == '\0';
        if (info->dlpi_tls_data == nullptr || (!is_program && !is_this_library(*info))) return 0;
        for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& h = info->dlpi_phdr[i];
          if (h.p_type != PT_TLS) continue;
          block& b = is_program ? self.variables_ : self.engine_;
          b.offset = static_cast<std::ptrdiff_t>(
              reinterpret_cast<std::uintptr_t>(info->dlpi_tls_data) - self.own_);
          b.initial.resize(h.p_memsz);
          std::memcpy(b.initial.data(), reinterpret_cast<const void*>(info->dlpi_addr + h.p_vaddr),
                      h.p_filesz);
        }
        return 0;
      },
      this);
  void* const p = mmap(nullptr, max_threads * stack_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  stacks_ = static_cast<std::byte*>(p);
  const auto create = behind<decltype(pthread_create)>("pthread_create");
  for (unsigned t = 0; t < max_threads; ++t) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stacks_ + t * stack_size, stack_size);
    pthread_t thread{};
    if (const int error = create(&thread, &attributes, tell_and_sleep, nullptr); error != 0)
      throw std::system_error(error, std::generic_category(), "pthread_create");
    pthread_attr_destroy(&attributes);
    told.wait(0);
    pointers_[t] = told.exchange(0);
  }
}

thread_pointers& thread_pointers::of_process() {
  static thread_pointers only;
  return only;
}

thread_pointers::block thread_pointers::own_block(const void* begin, std::size_t size) const {
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  return {static_cast<std::ptrdiff_t>(address - own_), std::vector<std::byte>(size)};
}

void* thread_pointers::at(std::uintptr_t pointer, const block& b) {
  return reinterpret_cast<void*>(pointer + static_cast<std::uintptr_t>(b.offset));
}

void thread_pointers::copy_own(unsigned thread, const block& b) const {
  std::memcpy(at(pointers_[thread], b), at(own_, b), b.initial.size());
}

void thread_pointers::reset() {
  own_ = current_pointer();
  for (unsigned t = 0; t < max_threads; ++t) {
    copy_own(t, engine_);
    std::memcpy(at(pointers_[t], variables_), variables_.initial.data(), variables_.initial.size());
    std::memset(at(pointers_[t], exceptions_), 0, exceptions_.initial.size());
    std::memset(at(pointers_[t], error_), 0, error_.initial.size());
  }
  // main has them as they are when the search begins.
  copy_own(0, variables_);
}

std::optional<thread_pointers::variable> thread_pointers::variable_at(
    std::uintptr_t address) const {
  for (unsigned t = 0; t < max_threads; ++t) {
    const std::uintptr_t offset =
        address - (pointers_[t] + static_cast<std::uintptr_t>(variables_.offset));
    if (offset < variables_.initial.size()) return variable{t, offset};
  }
  return std::nullopt;
}

bool thread_pointers::is_of_libraries(std::uintptr_t address) const {
  const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(stacks_);
  return offset < max_threads * stack_size && !variable_at(address);
}

}  // namespace runnel::model::native
