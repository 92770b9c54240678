// SPDX-License-Identifier: MIT
#include "unseen.hpp"

#include "image.hpp"
#include "names.hpp"

#include <Zydis/Zydis.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

namespace runnel::model::native {

namespace {

// ---- How a unit is compiled

/// Whether a list "thread,undefined" has the name.
bool lists(std::string_view list, std::string_view name) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

using reason = unseen_code::reason;

/// Of a unit's producer; nothing if its code is seen. Where options say opposite things, the last one is right.
std::optional<reason> why_unseen(std::string_view producer) {
  constexpr std::string_view on = "-fsanitize=";
  constexpr std::string_view off = "-fno-sanitize=";
  bool is_seen = false;
  bool has_options = false;
  for (;;) {
    const std::size_t space = producer.find(' ');
    std::string_view word = producer.substr(0, space);
    has_options = has_options || word.starts_with('-');
    if (word.starts_with(on)) {
      is_seen = is_seen || lists(word.substr(on.size()), "thread");
    } else if (word.starts_with(off)) {
      word.remove_prefix(off.size());
      is_seen = is_seen && !lists(word, "thread") && !lists(word, "all");
    }
    if (space == std::string_view::npos) break;
    producer.remove_prefix(space + 1);
  }
  if (is_seen) return std::nullopt;
  return has_options ? reason::not_compiled_so : reason::not_told;
}

struct part_of_unit {
  std::uintptr_t begin;
  std::uintptr_t end;
  std::optional<reason> why;
};

/// As the unit says, or the file apart that has what it says.
std::optional<reason> why_unseen(Dwarf_Die& unit) {
  Dwarf_Die apart{};
  dwarf_cu_info(unit.cu, nullptr, nullptr, nullptr, &apart, nullptr, nullptr, nullptr);
  Dwarf_Attribute attribute;
  const char* const producer = dwarf_formstring(
      dwarf_attr(apart.addr != nullptr ? &apart : &unit, DW_AT_producer, &attribute));
  return why_unseen(producer != nullptr ? producer : "");
}

/// Of all units of the program, by address.
std::vector<part_of_unit> parts_of_units(Dwfl_Module* module) {
  std::vector<part_of_unit> all;
  Dwarf_Addr bias = 0;
  for (Dwarf_Die* unit = nullptr; (unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr;) {
    const auto why = why_unseen(*unit);
    Dwarf_Addr base = 0;
    Dwarf_Addr begin = 0;
    Dwarf_Addr end = 0;
    for (std::ptrdiff_t next = 0; (next = dwarf_ranges(unit, next, &base, &begin, &end)) > 0;)
      all.push_back({begin + bias, end + bias, why});
  }
  std::ranges::sort(all, {}, &part_of_unit::begin);
  return all;
}

std::optional<reason> why_unseen(const std::vector<part_of_unit>& parts, std::uintptr_t address) {
  const auto behind = std::ranges::upper_bound(parts, address, {}, &part_of_unit::begin);
  if (behind == parts.begin() || std::prev(behind)->end <= address) return reason::not_told;
  return std::prev(behind)->why;
}

// ---- The functions

/// What compilers add to a program by themselves: it does nothing that could be missed, or calls what is looked
/// at itself. Often without debug information.
bool is_of_compiler(std::string_view symbol) {
  // Thunks of virtual functions, and what finds a thread_local variable.
  constexpr std::array<std::string_view, 4> beginnings{"_ZTh", "_ZTv", "_ZTc", "_ZTW"};
  constexpr std::array<std::string_view, 4> names{"__clang_call_terminate", "atexit",
                                                  "at_quick_exit", "__stack_chk_fail_local"};
  // The arithmetic of libgcc is named by the types that it is for: __udivti3.
  constexpr std::array<std::string_view, 12> types{"si", "di", "ti", "hf", "sf", "df",
                                                   "xf", "tf", "sc", "dc", "xc", "tc"};
  const auto begins = [symbol](std::string_view b) { return symbol.starts_with(b); };
  if (std::ranges::any_of(beginnings, begins) || std::ranges::find(names, symbol) != names.end())
    return true;
  if (!symbol.starts_with("__")) return false;
  const std::string_view typed = symbol.substr(0, symbol.find_last_not_of("234") + 1);
  return std::ranges::any_of(types, [typed](std::string_view t) { return typed.ends_with(t); });
}

struct function {
  std::uintptr_t begin;
  std::size_t size;
  const char* symbol;
};

/// By address, each once. None if there are but those that other objects may call, as in a stripped program.
std::vector<function> functions_of(Dwfl_Module* module) {
  std::vector<function> all;
  int n = module == nullptr ? 0 : dwfl_module_getsymtab(module);
  if (n > 0 && dwfl_module_getsymtab_first_global(module) <= 1) n = 0;
  for (int i = 0; i < n; ++i) {
    GElf_Sym symbol{};
    GElf_Addr address = 0;
    const char* const name =
        dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
    if (name == nullptr || symbol.st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
      continue;
    all.push_back({address, symbol.st_size, name});
  }
  std::ranges::sort(all, [](const function& a, const function& b) {
    return a.begin != b.begin ? a.begin < b.begin : std::string_view(a.symbol) < b.symbol;
  });
  const auto others = std::ranges::unique(all, {}, &function::begin);
  all.erase(others.begin(), others.end());
  return all;
}

// ---- The instructions

/// As the file of the program has it: there are no breakpoints of a debugger.
class code_in_file {
 public:
  explicit code_in_file(Dwfl_Module* module) {
    Elf* const elf = dwfl_module_getelf(module, &bias_);
    bytes_ = elf_rawfile(elf, &size_);
    std::size_t n = 0;
    if (bytes_ == nullptr || elf_getphdrnum(elf, &n) != 0) n = 0;
    for (std::size_t i = 0; i < n; ++i) {
      GElf_Phdr header{};
      if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) continue;
      if (header.p_type == PT_LOAD && (header.p_flags & PF_X) != 0) segments_.push_back(header);
    }
  }

  /// Fewer bytes, or none, where the file has no more.
  [[nodiscard]] std::span<const std::uint8_t> at(std::uintptr_t address, std::size_t size) const {
    for (const GElf_Phdr& s : segments_) {
      const std::uintptr_t behind = address - bias_ - s.p_vaddr;
      if (behind >= s.p_filesz || s.p_offset + s.p_filesz > size_) continue;
      return {reinterpret_cast<const std::uint8_t*>(bytes_) + s.p_offset + behind,
              std::min(size, s.p_filesz - behind)};
    }
    return {};
  }

 private:
  GElf_Addr bias_ = 0;
  const char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::vector<GElf_Phdr> segments_;
};

bool is_locked(const ZydisDecodedInstruction& i) {
  constexpr std::uint8_t lock = 0xF0;
  for (std::uint8_t n = 0; n < i.raw.prefix_count; ++n) {
    if (i.raw.prefixes[n].value == lock) return true;
  }
  return false;
}

/// What is done to memory at once, what orders accesses, asks the system, or has another value each time.
bool is_unseen(const ZydisDecodedInstruction& i) {
  constexpr std::uint8_t in_register = 3;
  switch (i.mnemonic) {
    case ZYDIS_MNEMONIC_XCHG:
      return (i.attributes & ZYDIS_ATTRIB_HAS_MODRM) != 0 && i.raw.modrm.mod != in_register;
    case ZYDIS_MNEMONIC_MFENCE:
    case ZYDIS_MNEMONIC_SYSCALL:
    case ZYDIS_MNEMONIC_SYSENTER:
    case ZYDIS_MNEMONIC_INT:
    case ZYDIS_MNEMONIC_RDTSC:
    case ZYDIS_MNEMONIC_RDTSCP:
    case ZYDIS_MNEMONIC_RDRAND:
    case ZYDIS_MNEMONIC_RDSEED:
    case ZYDIS_MNEMONIC_XBEGIN: return true;
    default: return is_locked(i);
  }
}

class decoder {
 public:
  decoder() {
    ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    ZydisDecoderEnableMode(&decoder_, ZYDIS_DECODER_MODE_MINIMAL, ZYAN_TRUE);
  }
  /// Calls `unseen` with each such instruction, and where it begins. False if some bytes are none.
  template <class F>
  bool look_at(std::span<const std::uint8_t> code, F unseen) const {
    for (std::size_t at = 0; at < code.size();) {
      ZydisDecodedInstruction i;
      if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder_, nullptr, code.data() + at,
                                                      code.size() - at, &i)))
        return false;
      if (is_unseen(i)) unseen(i, at);
      at += i.length;
    }
    return true;
  }

 private:
  ZydisDecoder decoder_{};
};

std::vector<unseen_code> find_unseen_code() {
  Dwfl_Module* const module = module_of_program();
  const std::vector<function> functions = functions_of(module);
  if (functions.empty())
    throw std::runtime_error(
        "the program has no symbols, which say what of it is compiled with -fsanitize=thread");
  const std::vector<part_of_unit> parts = parts_of_units(module);
  const code_in_file file(module);
  const decoder instructions;
  std::vector<unseen_code> all;
  for (const function& f : functions) {
    const auto code = file.at(f.begin, std::max<std::size_t>(f.size, 1));
    if (code.empty() || is_of_compiler(f.symbol)) continue;
    const std::size_t before = all.size();
    auto why = why_unseen(parts, f.begin);
    const bool is_code =
        why.has_value() || f.size == 0 ||
        instructions.look_at(code, [&](const ZydisDecodedInstruction& i, std::size_t at) {
          all.push_back({f.begin + at, code[at], reason::instruction, f.symbol,
                         ZydisMnemonicGetString(i.mnemonic), is_locked(i)});
        });
    if (!is_code) {
      all.resize(before);
      why = reason::not_told;
    }
    if (why) all.push_back({f.begin, code[0], *why, f.symbol});
  }
  return all;
}

}  // namespace

const std::vector<unseen_code>& unseen_code_of_program() {
  static const std::vector<unseen_code> known = find_unseen_code();
  return known;
}

}  // namespace runnel::model::native
