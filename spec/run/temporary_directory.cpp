// SPDX-License-Identifier: MIT
#include "temporary_directory.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>

namespace runnel::spec {
namespace {

/// Nobody may wait for a file that only the remover still has open.
void close_all_but(int kept) {
#ifdef __linux__
  const auto number = static_cast<unsigned>(kept);
  if (number > 0) close_range(0, number - 1, 0);
  close_range(number + 1, ~0U, 0);
#else
  const int end = getdtablesize();
  for (int number = 0; number < end; ++number)
    if (number != kept) close(number);
#endif
}

[[noreturn]] void remove_when_unused(const std::filesystem::path& path, int in_use) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
  close_all_but(in_use);
  char byte = 0;
  while (read(in_use, &byte, 1) < 0 && errno == EINTR) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  _exit(0);
}

}  // namespace

temporary_directory::temporary_directory() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  in_use_ = ends[1];
  std::string pattern = (std::filesystem::temp_directory_path() / "runnel-spec-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), pattern);
  path_ = pattern;
  remover_ = fork();
  if (remover_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (remover_ == 0) remove_when_unused(path_, ends[0]);
  close(ends[0]);
}

temporary_directory::~temporary_directory() {
  close(in_use_);
  while (waitpid(remover_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace runnel::spec
