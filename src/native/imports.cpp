// SPDX-License-Identifier: MIT
#include "imports.hpp"

#include "entries.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>

namespace runnel::model::native {

extern "C" {
extern const void* const* runnel_refused_functions;  // entries.S
void runnel_refused();
void* runnel_memcpy(void* to, const void* from, std::size_t size);
void* runnel_memmove(void* to, const void* from, std::size_t size);
void* runnel_memset(void* to, int value, std::size_t size);
}

namespace {

// ---- What is known of the C library

// clang-format off
/// Beginnings of names of functions that depend on their arguments alone, and change nothing else.
constexpr std::array<std::string_view, 12> known_beginnings{
    "mem", "str", "wcs", "wmem", "isw", "tow", "ato", "pthread_attr_", "pthread_mutexattr_",
    "pthread_condattr_", "_Unwind_", "__cxa_"};
/// Those that begin so, but do not.
constexpr std::array<std::string_view, 2> unknown_names{"memfd_create", "strtok"};
/// Others; and such as only print. (Printing is done in each execution.)
constexpr std::array<std::string_view, 72> known_names{
    "__ctype_b_loc", "__ctype_tolower_loc", "__ctype_toupper_loc", "__errno_location", "__fprintf",
    "__printf", "__snprintf", "__sprintf", "__stack_chk_fail", "__vfprintf", "__vsnprintf",
    "abort", "abs", "bcmp", "bsearch", "btowc", "div", "dl_iterate_phdr", "fflush", "fprintf", "fputc",
    "fputs", "fputwc", "fwrite", "getenv", "getpid", "isalnum", "isalpha", "isdigit", "islower",
    "isprint", "ispunct", "isspace", "isupper", "isxdigit", "labs", "ldiv", "llabs", "lldiv",
    "localeconv", "mbrtowc", "mbstowcs", "perror", "printf", "pthread_equal", "putc", "putchar",
    "puts", "qsort", "raise", "rawmemchr", "setlocale", "snprintf", "sprintf", "sscanf", "stpcpy",
    "strerror", "swprintf", "sysconf", "get_nprocs", "tolower", "toupper", "vfprintf", "vprintf",
    "vsnprintf", "vsprintf", "vswprintf", "wcrtomb", "wctob", "write", "__libc_start_main",
    "__gmon_start__"};
// clang-format on

/// As it is without the checks that _FORTIFY_SOURCE adds.
std::string_view without_checks(std::string_view name) {
  constexpr std::string_view before = "__";
  constexpr std::string_view after = "_chk";
  if (!name.starts_with(before) || !name.ends_with(after)) return name;
  name.remove_prefix(before.size());
  name.remove_suffix(after.size());
  return name;
}

bool is_known(std::string_view name) {
  const std::string_view plain = without_checks(name);
  if (std::ranges::find(unknown_names, plain) != unknown_names.end()) return false;
  const auto begins = [plain](std::string_view b) { return plain.starts_with(b); };
  return std::ranges::any_of(known_beginnings, begins) ||
         std::ranges::find(known_names, plain) != known_names.end();
}

// clang-format off
/// What the C++ library calls besides: for locales, for its messages, to print, and to find its own variables.
constexpr std::array<std::string_view, 32> known_to_cxx{
    "__ctype_get_mb_cur_max", "__duplocale", "__freelocale", "__iswctype_l", "__newlocale",
    "__nl_langinfo_l", "__strcoll_l", "__strftime_l", "__strtod_l", "__strtof_l", "__strxfrm_l",
    "__tls_get_addr", "__towlower_l", "__towupper_l", "__uselocale", "__wcscoll_l", "__wcsftime_l",
    "__wcsxfrm_l", "__wctype_l", "fegetround", "fesetround", "freelocale", "frexpl", "gettext",
    "mbsnrtowcs", "mbsrtowcs", "newlocale", "nl_langinfo", "putwc", "secure_getenv", "uselocale",
    "writev"};
// clang-format on
bool is_known_to_cxx_library(std::string_view name) {
  return std::ranges::find(known_to_cxx, name) != known_to_cxx.end();
}

std::string_view file_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }
bool is_cxx_library(std::string_view path) { return file_of(path).starts_with("libstdc++.so"); }

/// Of the C++ library all is known, since what it calls of the C library is looked at by itself. But it has
/// random numbers from the processor.
bool is_known(std::string_view symbol, std::string_view library) {
  constexpr std::array<std::string_view, 3> known{"libstdc++.so", "libgcc_s.so", "libm.so"};
  const std::string_view file = file_of(library);
  const auto is_of_file = [file](std::string_view k) { return file.starts_with(k); };
  if (std::ranges::any_of(known, is_of_file)) return !symbol.starts_with("_ZNSt13random_device");
  return is_known(symbol);
}

// ---- The tables of the program, and of the C++ library

struct unknown {
  std::string symbol;
  std::string library;
  std::vector<const void**> slots;
};
std::vector<unknown> unknown_functions;
std::vector<const void*> originals;

/// What a program or a library is linked with, as it lies in memory.
struct linked {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::vector<std::pair<const ElfW(Rela)*, std::size_t>> relocations;
};

linked linked_with(const link_map& object) {
  linked l;
  const ElfW(Rela)* rela = nullptr;
  const ElfW(Rela)* jumps = nullptr;
  std::size_t rela_size = 0;
  std::size_t jumps_size = 0;
  for (const ElfW(Dyn)* d = object.l_ld; d->d_tag != DT_NULL; ++d) {
    switch (d->d_tag) {
      case DT_SYMTAB: l.symbols = reinterpret_cast<const ElfW(Sym)*>(d->d_un.d_ptr); break;
      case DT_STRTAB: l.names = reinterpret_cast<const char*>(d->d_un.d_ptr); break;
      case DT_RELA: rela = reinterpret_cast<const ElfW(Rela)*>(d->d_un.d_ptr); break;
      case DT_RELASZ: rela_size = d->d_un.d_val; break;
      case DT_JMPREL: jumps = reinterpret_cast<const ElfW(Rela)*>(d->d_un.d_ptr); break;
      case DT_PLTRELSZ: jumps_size = d->d_un.d_val; break;
      default: break;
    }
  }
  l.relocations = {{rela, rela_size / sizeof *rela}, {jumps, jumps_size / sizeof *jumps}};
  return l;
}

/// Code for each refused function: it says which, and goes on in entries.S.
class gates {
 public:
  explicit gates(std::size_t n) {
    const std::size_t bytes = std::max<std::size_t>(n, 1) * each;
    void* const p =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    code_ = static_cast<std::uint8_t*>(p);
    for (std::size_t i = 0; i < n; ++i) write(i);
    mprotect(p, bytes, PROT_READ | PROT_EXEC);
  }
  [[nodiscard]] const void* at(std::size_t i) const { return code_ + i * each; }

 private:
  static constexpr std::size_t each = 24;
  void write(std::size_t i) {
    std::uint8_t* p = code_ + i * each;
    const auto index = static_cast<std::uint32_t>(i);
    const auto target = reinterpret_cast<std::uint64_t>(&runnel_refused);
    constexpr std::array<std::uint8_t, 2> mov_r11d{0x41, 0xBB};  // movl $index, %r11d
    constexpr std::array<std::uint8_t, 2> mov_r10{0x49, 0xBA};   // movabsq $target, %r10
    constexpr std::array<std::uint8_t, 3> jmp_r10{0x41, 0xFF, 0xE2};
    const auto put = [&p](const void* bytes, std::size_t n) {
      std::memcpy(p, bytes, n);
      p += n;
    };
    put(mov_r11d.data(), mov_r11d.size());
    put(&index, sizeof index);
    put(mov_r10.data(), mov_r10.size());
    put(&target, sizeof target);
    put(jmp_r10.data(), jmp_r10.size());
  }
  std::uint8_t* code_;
};

void put(const void** slot, const void* function) {
  if (*slot == function) return;
  static std::uintptr_t writable = 0;  // the last page
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(slot) / page * page;
  if (std::exchange(writable, begin) != begin)
    mprotect(reinterpret_cast<void*>(begin), page, PROT_READ | PROT_WRITE);
  *slot = function;
}

/// What stands in the place of a function that copies memory, whose accesses are to be seen; or null.
const void* seen_instead(std::string_view name) {
  const std::string_view plain = without_checks(name);
  if (plain == "memcpy") return reinterpret_cast<const void*>(&runnel_memcpy);
  if (plain == "memmove") return reinterpret_cast<const void*>(&runnel_memmove);
  if (plain == "memset") return reinterpret_cast<const void*>(&runnel_memset);
  return nullptr;
}

/// Calls f with the name of each function that comes from elsewhere, and where its address is kept.
template <class F>
void for_each_import(const link_map& object, F f) {
  const linked l = linked_with(object);
  for (const auto& [first, n] : l.relocations) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto type = ELF64_R_TYPE(first[i].r_info);
      const bool is_variable = type == R_X86_64_64;  // that holds the address of a function
      if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && !is_variable) continue;
      const ElfW(Sym)& symbol = l.symbols[ELF64_R_SYM(first[i].r_info)];
      if (symbol.st_shndx != SHN_UNDEF || ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT) continue;
      f(l.names + symbol.st_name, reinterpret_cast<const void**>(object.l_addr + first[i].r_offset),
        is_variable);
    }
  }
}

/// The program or the library that has code there; null if none has. (dladdr would look for a symbol, which takes long.)
const link_map* object_around(const void* code) {
  dl_find_object found{};
  return _dl_find_object(const_cast<void*>(code), &found) == 0 ? found.dlfo_link_map : nullptr;
}

/// What is called by the address that is kept; null if it is called through the table of the program. There goes, in
/// all objects, the address of a function if a program that is linked to a fixed place has asked for it.
const void* function_called(const char* name, const void* kept, const link_map* keeper,
                            const link_map* program) {
  const void* const function = dlsym(RTLD_DEFAULT, name);
  if (function == nullptr || object_around(function) != program) return function;
  if (object_around(kept) == program) return nullptr;
  return keeper == program ? kept : dlsym(RTLD_NEXT, name);
}

/// Where the function of that name is kept, if nobody knows what it does.
std::vector<const void**>* unknown_slots(const char* name, const void* function) {
  const auto known = std::ranges::find(unknown_functions, name, &unknown::symbol);
  if (known != unknown_functions.end()) return &known->slots;
  static const link_map* const self =
      object_around(reinterpret_cast<const void*>(&refuse_unknown_imports));
  const link_map* const object = function == nullptr ? nullptr : object_around(function);
  if (object == nullptr || object == self || is_known(name, object->l_name)) return nullptr;
  originals.push_back(function);
  unknown_functions.push_back({name, std::string(file_of(object->l_name)), {}});
  return &unknown_functions.back().slots;
}

/// Of the program, and of the C++ library; those of the program whose accesses are to be seen are replaced at once.
void find_unknown_functions() {
  const auto* const program = static_cast<const link_map*>(dlopen(nullptr, RTLD_LAZY));
  for (const link_map* object = program; object != nullptr; object = object->l_next) {
    const bool is_program = object == program;
    if (!is_program && !is_cxx_library(object->l_name)) continue;
    for_each_import(*object, [&](const char* name, const void** slot, bool is_variable) {
      const void* const seen = is_program ? seen_instead(name) : nullptr;
      if (seen != nullptr && !is_variable) return put(slot, seen);
      if (!is_program && is_known_to_cxx_library(name)) return;
      const void* const function = function_called(name, *slot, object, program);
      // A variable may hold something else by now.
      if (is_variable && *slot != function) return;
      if (auto* const slots = unknown_slots(name, function)) slots->push_back(slot);
    });
  }
  runnel_refused_functions = originals.data();
}

}  // namespace

void refuse_unknown_imports(const allowed_functions& allowed) {
  static const gates all = [] {
    find_unknown_functions();
    return gates(unknown_functions.size());
  }();
  for (std::size_t i = 0; i < unknown_functions.size(); ++i) {
    const unknown& f = unknown_functions[i];
    const void* const called =
        allowed.contain(name_of_function(f.symbol.c_str())) ? originals[i] : all.at(i);
    for (const void** const slot : f.slots) put(slot, called);
  }
}

}  // namespace runnel::model::native

extern "C" [[noreturn]] void runnel_do_refused(std::uint64_t index) {  // NOLINT
  using namespace runnel::model::native;
  const call c;
  const unknown& f = unknown_functions[index];
  runnel::model::execution::current().fail(
      "unsupported", name_of_function(f.symbol.c_str()) + "() of " + f.library + " is called at " +
                         runnel::model::text_of(c.where()) +
                         ", and the explorer does not know what it does");
}
