// SPDX-License-Identifier: MIT
#include "breakpoints.hpp"

#include "entries.hpp"

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace runnel::model::native {

extern "C" void runnel_unseen();  // entries.S

namespace {

constexpr std::uint8_t int3 = 0xCC;
constexpr greg_t trap_flag = 0x100;

std::uint8_t& byte_at(std::uintptr_t address) { return *reinterpret_cast<std::uint8_t*>(address); }
void open(const unseen_code& c) { byte_at(c.address) = c.first_byte; }
void close(const unseen_code& c) { byte_at(c.address) = int3; }

/// Whose first instruction this thread of the system does, before the breakpoint is there again.
constinit thread_local const unseen_code* passed = nullptr;

void let_write_code(bool writable) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (const image::range& r : image::code()) {
    const std::uintptr_t begin = r.begin / page * page;
    if (mprotect(reinterpret_cast<void*>(begin), r.end - begin,
                 PROT_READ | PROT_EXEC | (writable ? PROT_WRITE : 0)) != 0)
      throw std::system_error(errno, std::generic_category(), "cannot write where code is");
  }
}

std::string what_of(const unseen_code& c, place called_at) {
  const std::string name = name_of_function(c.symbol) + "()";
  if (c.why == unseen_code::reason::instruction)
    return std::string(c.is_locked ? "lock " : "") + c.instruction + " in " + name + " at " +
           text_of(place_of_return(c.address + 1)) +
           " is inline assembly, or of a function with the attribute no_sanitize: the explorer "
           "does not see it";
  const bool is_told = c.why == unseen_code::reason::not_compiled_so;
  return name + " is called at " + text_of(called_at) + ", and " +
         (is_told ? "it is not compiled with -fsanitize=thread"
                  : "no debug information says that it is compiled with -fsanitize=thread") +
         ": the explorer does not see what it does";
}

}  // namespace

breakpoints::breakpoints(const allowed_functions& allowed) {
  for (const unseen_code& c : unseen_code_of_program()) {
    // A debugger may have one of its own there.
    if (byte_at(c.address) != c.first_byte) continue;
    if (allowed.empty() || !allowed.contain(name_of_function(c.symbol))) set_.push_back(&c);
  }
  if (!set_.empty()) let_write_code(true);
  only_ = this;
  takes_trap = takes;
  for (const unseen_code* const c : set_) close(*c);
}

breakpoints::~breakpoints() {
  for (const unseen_code* const c : set_) open(*c);
  takes_trap = nullptr;
  only_ = nullptr;
  if (!set_.empty()) let_write_code(false);
}

std::optional<std::size_t> breakpoints::at(std::uintptr_t address) const {
  const auto c = std::ranges::lower_bound(set_, address, {}, &unseen_code::address);
  if (c == set_.end() || (*c)->address != address) return std::nullopt;
  return static_cast<std::size_t>(c - set_.begin());
}

/// In the handler of the signal. Code of the program calls an entry, which fails. All else does the instruction
/// that is there, and comes here again.
bool breakpoints::takes(void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (const unseen_code* const c = std::exchange(passed, nullptr)) {
    close(*c);
    const bool is_done = (registers[REG_EFL] & trap_flag) != 0;
    registers[REG_EFL] &= ~trap_flag;
    if (is_done) return true;
  }
  const auto behind = static_cast<std::uintptr_t>(registers[REG_RIP]);
  const auto index = only_->at(behind - 1);
  if (!index) return false;
  const auto sp = static_cast<std::uintptr_t>(registers[REG_RSP]);
  if (runnel_inside != nullptr &&
      native_program::only().team.with_stack_around(sp) != max_threads) {
    registers[REG_R11] = static_cast<greg_t>(*index);
    registers[REG_RIP] = reinterpret_cast<greg_t>(&runnel_unseen);
    return true;
  }
  passed = &(*only_)[*index];
  open(*passed);
  registers[REG_RIP] = static_cast<greg_t>(passed->address);
  registers[REG_EFL] |= trap_flag;
  return true;
}

}  // namespace runnel::model::native

extern "C" [[noreturn]] void runnel_do_unseen(std::uint64_t index) {  // NOLINT
  using namespace runnel::model::native;
  const call c;
  const std::string what = what_of(breakpoints::only()[index], c.where());
  runnel::model::execution::current().fail("unsupported", what);
}
