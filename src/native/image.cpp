// SPDX-License-Identifier: MIT
#include "image.hpp"

#include <link.h>

#include <algorithm>
#include <cstring>

namespace runnel::model::native {

namespace {

/// Calls f for the program, which comes first, with where it was loaded.
template <class F>
void with_program(F f) {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        (*static_cast<F*>(data))(*info);
        return 1;
      },
      &f);
}

template <class F>
void for_each_header(const dl_phdr_info& info, F f) {
  for (std::size_t i = 0; i < info.dlpi_phnum; ++i) f(info.dlpi_phdr[i]);
}

}  // namespace

image::image() {
  with_program([this](const dl_phdr_info& info) {
    std::uintptr_t fixed_end = 0;  // what is read-only once it is relocated
    for_each_header(info, [&](const ElfW(Phdr) & h) {
      if (h.p_type == PT_GNU_RELRO) fixed_end = info.dlpi_addr + h.p_vaddr + h.p_memsz;
    });
    for_each_header(info, [&](const ElfW(Phdr) & h) {
      if (h.p_type != PT_LOAD || (h.p_flags & PF_W) == 0) return;
      const std::uintptr_t begin = info.dlpi_addr + h.p_vaddr;
      const std::uintptr_t end = begin + h.p_memsz;
      const bool has_fixed = begin < fixed_end && fixed_end <= end;
      auto* const from = reinterpret_cast<std::byte*>(has_fixed ? fixed_end : begin);
      parts_.push_back({from, {from, reinterpret_cast<std::byte*>(end)}});
    });
  });
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        for_each_header(*info, [&](const ElfW(Phdr) & h) {
          if (h.p_type != PT_LOAD || (h.p_flags & PF_W) == 0) return;
          const std::uintptr_t begin = info->dlpi_addr + h.p_vaddr;
          auto& self = *static_cast<image*>(data);
          self.writable_.push_back({begin, begin + h.p_memsz});
          const bool is_program = *info->dlpi_name == '\0';
          if (!is_program) self.of_libraries_.push_back(self.writable_.back());
        });
        return 0;
      },
      this);
}

bool image::lies_in(const std::vector<range>& ranges, std::uintptr_t address) {
  return std::ranges::any_of(
      ranges, [address](const range& r) { return r.begin <= address && address < r.end; });
}

void image::restore() const {
  for (const part& p : parts_) std::memcpy(p.begin, p.held.data(), p.held.size());
}

const std::uintptr_t image::base_ = [] {
  std::uintptr_t b = 0;
  with_program([&](const dl_phdr_info& info) { b = info.dlpi_addr; });
  return b;
}();

bool image::has_thread_locals() {
  bool has = false;
  with_program([&](const dl_phdr_info& info) {
    for_each_header(info, [&](const ElfW(Phdr) & h) { has = has || h.p_type == PT_TLS; });
  });
  return has;
}

std::vector<image::range> image::code() {
  std::vector<range> all;
  with_program([&](const dl_phdr_info& info) {
    for_each_header(info, [&](const ElfW(Phdr) & h) {
      if (h.p_type != PT_LOAD || (h.p_flags & PF_X) == 0) return;
      const std::uintptr_t begin = info.dlpi_addr + h.p_vaddr;
      all.push_back({begin, begin + h.p_memsz});
    });
  });
  return all;
}

image::thread_locals image::of_libraries() {
  constexpr std::size_t control_block = 4096;
  const auto pointer = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
  thread_locals all{pointer, pointer + control_block};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        const auto begin = reinterpret_cast<std::uintptr_t>(info->dlpi_tls_data);
        auto& known = *static_cast<thread_locals*>(data);
        if (begin != 0 && begin < known.end) known.begin = std::min(known.begin, begin);
        return 0;
      },
      &all);
  return all;
}

}  // namespace runnel::model::native
