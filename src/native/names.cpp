// SPDX-License-Identifier: MIT
#include "names.hpp"

#include "image.hpp"
#include "program.hpp"

#include "model/execution.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace runnel::model::native {

namespace {

/// For as long as the process lives: places refer to it.
const char* kept(const std::string& text) {
  static std::set<std::string> all;
  return all.insert(text).first->c_str();
}

std::string demangled(const char* symbol) {
  if (!std::string_view(symbol).starts_with("_Z")) return symbol;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> owned(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
  std::string text = owned != nullptr ? owned.get() : symbol;
  constexpr std::string_view unnamed = "(anonymous namespace)::";
  for (std::size_t at = 0; (at = text.find(unnamed, at)) != std::string::npos;)
    text.erase(at, unnamed.size());
  return text;
}

/// Where the last pair of parentheses opens, if there is one.
std::size_t parameters_of(std::string_view name) {
  std::size_t at = name.rfind(')');
  unsigned open = 0;
  for (; at < name.size(); --at) {
    if (name[at] == ')') ++open;
    if (name[at] == '(' && --open == 0) return at;
  }
  return std::string_view::npos;
}

/// Templates have it in front. What an operator is named follows a space as well, or looks like a bracket.
std::string_view without_result(std::string_view name) {
  constexpr std::string_view named_by_sign = "operator";
  unsigned open = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name.substr(at).starts_with(named_by_sign)) break;
    if (name[at] == '<' || name[at] == '(' || name[at] == '{') ++open;
    if (name[at] == '>' || name[at] == ')' || name[at] == '}') --open;
    if (name[at] != ' ' || open != 0) continue;
    name.remove_prefix(at + 1);
    at = std::string_view::npos;
  }
  return name;
}

/// What the program says of itself: its symbols and its debug information.
class debug_information {
 public:
  static debug_information& only() {
    static debug_information known;
    return known;
  }

  /// The line of the source that people have written: where code of the system's headers is inlined, the
  /// call of it.
  place line_of(std::uintptr_t address) {
    Dwarf_Addr bias = 0;
    Dwarf_Die* const unit = unit_of(address, bias);
    if (unit == nullptr) return {};
    const Dwarf_Addr pc = address - bias;
    Dwarf_Line* const line = dwarf_getsrc_die(unit, pc);
    if (line == nullptr) return {};
    int number = 0;
    dwarf_lineno(line, &number);
    const char* file = dwarf_linesrc(line, nullptr, nullptr);
    if (file != nullptr && is_of_the_system(file)) find_call(*unit, pc, file, number);
    return file == nullptr ? place() : place{kept(file), static_cast<unsigned>(number)};
  }

  /// A symbol, and how far behind its begin.
  std::string symbol_of(std::uintptr_t address) {
    Dwfl_Module* module = dwfl_addrmodule(dwfl_, address);
    // Variables that begin with zeros lie behind what is mapped of the file.
    const bool is_behind = module == nullptr;
    if (is_behind) module = dwfl_addrmodule(dwfl_, image::base());
    if (module == nullptr) return {};
    GElf_Off offset = 0;
    GElf_Sym symbol{};
    const char* const name =
        dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    const bool has_size = symbol.st_size != 0;
    if (name == nullptr || (has_size ? offset >= symbol.st_size : is_behind)) return {};
    return demangled(name) + (offset == 0 ? "" : "+" + std::to_string(offset));
  }

  /// Symbols: of the function, and of those that are inlined there.
  std::vector<std::string> functions_around(std::uintptr_t address) {
    std::vector<std::string> all;
    const auto add = [&all](const char* symbol) {
      if (symbol != nullptr) all.emplace_back(symbol);
      return symbol != nullptr;
    };
    if (Dwfl_Module* const module = dwfl_addrmodule(dwfl_, address); module != nullptr)
      add(dwfl_module_addrname(module, address));
    Dwarf_Addr bias = 0;
    Dwarf_Die* const unit = unit_of(address, bias);
    Dwarf_Die* scopes = nullptr;
    const int n = unit == nullptr ? 0 : dwarf_getscopes(unit, address - bias, &scopes);
    const std::unique_ptr<Dwarf_Die, void (*)(void*)> owned(n > 0 ? scopes : nullptr, std::free);
    for (int i = 0; i < n; ++i) {
      if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine) continue;
      Dwarf_Attribute attribute;
      const auto named_by = [&](unsigned what) {
        return add(dwarf_formstring(dwarf_attr_integrate(&scopes[i], what, &attribute)));
      };
      if (!named_by(DW_AT_linkage_name)) named_by(DW_AT_name);  // of C
    }
    return all;
  }

  Dwfl_Module* of_program() { return dwfl_addrmodule(dwfl_, image::code().front().begin); }

  /// A thread_local variable of the program, by where it lies in what each thread has.
  std::string thread_local_at(std::uintptr_t offset) {
    Dwfl_Module* const module = of_program();
    const int n = module == nullptr ? 0 : dwfl_module_getsymtab(module);
    for (int i = 0; i < n; ++i) {
      GElf_Sym symbol{};
      GElf_Addr address = 0;
      const char* const name =
          dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
      if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_TLS) continue;
      if (offset - symbol.st_value >= symbol.st_size) continue;
      const std::uintptr_t behind = offset - symbol.st_value;
      return demangled(name) + (behind == 0 ? "" : "+" + std::to_string(behind));
    }
    return "thread_local+" + std::to_string(offset);
  }

  static bool is_of_the_system(std::string_view file) { return file.starts_with("/usr/"); }

 private:
  debug_information() {
    static char* no_path = nullptr;
    static const Dwfl_Callbacks callbacks{.find_elf = dwfl_linux_proc_find_elf,
                                          .find_debuginfo = dwfl_standard_find_debuginfo,
                                          .section_address = nullptr,
                                          .debuginfo_path = &no_path};
    dwfl_ = dwfl_begin(&callbacks);
    dwfl_linux_proc_report(dwfl_, getpid());
    dwfl_report_end(dwfl_, nullptr, nullptr);
  }

  /// Where the compiler has written no index of addresses, as Clang does not, each unit is asked.
  Dwarf_Die* unit_of(std::uintptr_t address, Dwarf_Addr& bias) {
    if (Dwarf_Die* const known = dwfl_addrdie(dwfl_, address, &bias)) return known;
    Dwfl_Module* const module = dwfl_addrmodule(dwfl_, address);
    Dwarf_Die* unit = nullptr;
    while (module != nullptr && (unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr) {
      if (dwarf_haspc(unit, address - bias) == 1) break;
    }
    return unit;
  }

  /// Of the scopes around the address, from the innermost: where each was called from.
  static void find_call(Dwarf_Die& unit, Dwarf_Addr pc, const char*& file, int& number) {
    Dwarf_Die* innermost = nullptr;
    if (dwarf_getscopes(&unit, pc, &innermost) <= 0) return;
    const std::unique_ptr<Dwarf_Die, void (*)(void*)> owned_innermost(innermost, std::free);
    // The scopes around the others are those of where a function is defined, not of where it is inlined.
    Dwarf_Die* scopes = nullptr;
    const int n = dwarf_getscopes_die(innermost, &scopes);
    const std::unique_ptr<Dwarf_Die, void (*)(void*)> owned(scopes, std::free);
    Dwarf_Files* files = nullptr;
    if (n <= 0 || dwarf_getsrcfiles(&unit, &files, nullptr) != 0) return;
    for (int i = 0; i < n && is_of_the_system(file); ++i) {
      if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine) continue;
      Dwarf_Attribute attribute;
      Dwarf_Word file_number = 0;
      Dwarf_Word line = 0;
      if (dwarf_formudata(dwarf_attr(&scopes[i], DW_AT_call_file, &attribute), &file_number) != 0 ||
          dwarf_formudata(dwarf_attr(&scopes[i], DW_AT_call_line, &attribute), &line) != 0)
        continue;
      const char* const called_in = dwarf_filesrc(files, file_number, nullptr, nullptr);
      if (called_in == nullptr) continue;
      file = called_in;
      number = static_cast<int>(line);
    }
  }

  Dwfl* dwfl_ = nullptr;
};

/// An offset in the program, as people know it.
place readable(unsigned offset) {
  static std::unordered_map<unsigned, place> known;
  const auto [at, is_new] = known.try_emplace(offset);
  if (is_new) {
    const std::uintptr_t address = image::base() + offset;
    at->second = debug_information::only().line_of(address);
    if (at->second.line == 0) at->second = {kept(debug_information::only().symbol_of(address)), 0};
  }
  return at->second;
}

}  // namespace

std::string name_of_function(const char* symbol) {
  const std::string text = demangled(symbol);
  const std::string_view name(text);
  return std::string(without_result(name.substr(0, parameters_of(name))));
}

Dwfl_Module* module_of_program() { return debug_information::only().of_program(); }

place place_in_library(std::uintptr_t address) {
  static std::unordered_map<std::uintptr_t, place> known;
  const auto [at, is_new] = known.try_emplace(address);
  if (is_new) {
    Dl_info info{};
    const bool found = dladdr(reinterpret_cast<const void*>(address), &info) != 0;
    at->second = {kept(found && info.dli_sname != nullptr ? name_of_function(info.dli_sname)
                                                          : std::string("a library")),
                  0};
  }
  return at->second;
}

std::string caller_of_return(std::uintptr_t address) {
  debug_information& known = debug_information::only();
  const std::string_view file = known.line_of(address - 1).name;
  if (file.empty() || debug_information::is_of_the_system(file)) return {};
  std::string function = known.symbol_of(address - 1);
  return function.substr(0, function.rfind('+'));
}

std::vector<std::string> functions_around(place code) {
  std::vector<std::string> all =
      debug_information::only().functions_around(image::base() + code.line);
  for (std::string& f : all) f = name_of_function(f.c_str());
  return all;
}

namespace {

std::string behind(std::uintptr_t bytes) { return bytes == 0 ? "" : "+" + std::to_string(bytes); }

/// By the line that has asked for it.
std::string name_in_heap(std::uintptr_t address, std::size_t offset) {
  const heap_blocks::block* const b = native_program::only().blocks.around(address);
  if (b == nullptr) return "heap" + behind(offset);
  return "heap(" + text_of(b->where) + ')' + behind(address - b->begin);
}

std::string name_of_thread(unsigned thread) {
  return thread == 0 ? "main" : "thread " + std::to_string(thread - 1);
}

}  // namespace

std::string name_of(std::uintptr_t address) {
  execution& x = execution::current();
  const auto* const p = reinterpret_cast<const void*>(address);
  if (x.owns(p)) return name_in_heap(address, x.offset_in_heap(p));
  const threads& team = native_program::only().team;
  const unsigned thread = team.with_stack_around(address);
  if (thread != max_threads) {
    const auto below = reinterpret_cast<std::uintptr_t>(team.top(thread)) - address;
    return "stack of " + name_of_thread(thread) + "-" + std::to_string(below);
  }
  if (const auto variable = native_program::only().thread_local_at(address))
    return debug_information::only().thread_local_at(variable->offset) + " of " +
           name_of_thread(variable->thread);
  if (const auto key = native_program::only().keys.number_at(address))
    return "key " + std::to_string(*key);
  const std::string symbol = debug_information::only().symbol_of(address);
  return symbol.empty() ? "data+" + std::to_string(address - image::base()) : symbol;
}

void know_names() { place_of_code = readable; }

}  // namespace runnel::model::native
