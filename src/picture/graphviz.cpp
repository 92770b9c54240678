// SPDX-License-Identifier: MIT
#include "graphviz.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace runnel::cli {
namespace {

struct closer {
  void operator()(std::FILE* f) const { static_cast<void>(std::fclose(f)); }
};
using file = std::unique_ptr<std::FILE, closer>;

file temporary() {
  file f(std::tmpfile());
  if (!f) throw std::system_error(errno, std::generic_category(), "a temporary file");
  return f;
}

void to_start(std::FILE* f) {
  if (std::fseek(f, 0, SEEK_SET) != 0)
    throw std::system_error(errno, std::generic_category(), "a temporary file");
}

std::string content(std::FILE* f) {
  to_start(f);
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), f)) != 0;)
    text.append(buffer.data(), n);
  return text;
}

/// The exit status.
int run_dot(std::FILE* in, std::FILE* out, std::FILE* err) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(err), STDERR_FILENO);
  std::array<std::string, 4> words{"dot", "-Kneato", "-n2", "-Tsvg"};
  std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                                 nullptr};
  pid_t child = -1;
  const int error = posix_spawnp(&child, "dot", &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    throw std::runtime_error(
        std::string("the program dot of Graphviz draws the pictures, and cannot "
                    "be run: ") +
        std::strerror(error) + " (Debian's package is graphviz)");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::string laid_out(const std::string& dot) {
  const file in = temporary();
  const file out = temporary();
  const file err = temporary();
  if (std::fwrite(dot.data(), 1, dot.size(), in.get()) != dot.size() || std::fflush(in.get()) != 0)
    throw std::system_error(errno, std::generic_category(), "a temporary file");
  to_start(in.get());
  const int status = run_dot(in.get(), out.get(), err.get());
  const std::string svg = content(out.get());
  const std::size_t begin = svg.find("<svg");
  if (status != 0 || begin == std::string::npos)
    throw std::runtime_error("dot failed: " + content(err.get()));
  return svg.substr(begin);
}

}  // namespace runnel::cli
