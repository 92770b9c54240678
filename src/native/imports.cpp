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

/// Whether all of a library is known: of the C++ library, which calls the C library for all else.
bool is_known_library(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  constexpr std::array<std::string_view, 3> known{"libstdc++.so", "libgcc_s.so", "libm.so"};
  return std::ranges::any_of(known, [file](std::string_view k) { return file.starts_with(k); });
}

// ---- The table of the program

struct unknown {
  std::string name;
  std::string library;
  const void** slot;
};
std::vector<unknown> unknown_functions;
std::vector<const void*> originals;

/// What the program is linked with, as it lies in memory.
struct linked {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::vector<std::pair<const ElfW(Rela)*, std::size_t>> relocations;
};

linked linked_with() {
  linked l;
  const ElfW(Rela)* rela = nullptr;
  const ElfW(Rela)* jumps = nullptr;
  std::size_t rela_size = 0;
  std::size_t jumps_size = 0;
  for (const ElfW(Dyn)* d = image::dynamic_section(); d->d_tag != DT_NULL; ++d) {
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
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(slot) / page * page;
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

/// All that are imported; those whose accesses are to be seen are replaced at once.
void find_unknown_functions() {
  Dl_info self{};
  dladdr(reinterpret_cast<const void*>(&refuse_unknown_imports), &self);
  const linked program = linked_with();
  for (const auto& [first, n] : program.relocations) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto type = ELF64_R_TYPE(first[i].r_info);
      if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
      const ElfW(Sym)& symbol = program.symbols[ELF64_R_SYM(first[i].r_info)];
      const std::string name = program.names + symbol.st_name;
      if (symbol.st_shndx != SHN_UNDEF || ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT) continue;
      auto* const slot = reinterpret_cast<const void**>(image::base() + first[i].r_offset);
      if (const void* const seen = seen_instead(name)) {
        put(slot, seen);
        continue;
      }
      const void* const function = dlsym(RTLD_DEFAULT, name.c_str());
      Dl_info where{};
      if (function == nullptr || dladdr(function, &where) == 0) continue;
      const std::string library = where.dli_fname;
      if (where.dli_fbase == self.dli_fbase || is_known_library(library) || is_known(name))
        continue;
      unknown_functions.push_back({name, library.substr(library.rfind('/') + 1), slot});
      originals.push_back(function);
    }
  }
  runnel_refused_functions = originals.data();
}

}  // namespace

void refuse_unknown_imports(const std::vector<std::string>& allowed) {
  static const gates all = [] {
    find_unknown_functions();
    return gates(unknown_functions.size());
  }();
  for (std::size_t i = 0; i < unknown_functions.size(); ++i) {
    const unknown& f = unknown_functions[i];
    put(f.slot, std::ranges::find(allowed, f.name) != allowed.end() ? originals[i] : all.at(i));
  }
}

}  // namespace runnel::model::native

extern "C" [[noreturn]] void runnel_do_refused(std::uint64_t index) {  // NOLINT
  using namespace runnel::model::native;
  const call c;
  const unknown& f = unknown_functions[index];
  runnel::model::execution::current().fail("unsupported",
                                           f.name + "() of " + f.library + " is called at " +
                                               runnel::model::text_of(c.where()) +
                                               ", and the explorer does not know what it does");
}
