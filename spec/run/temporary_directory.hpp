// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace runnel::spec {

/// A directory that is removed however this process ends, SIGKILL included: a process of its own
/// waits until nobody has the pipe open whose other end it reads. Programs that are started inherit
/// that pipe, so the directory outlives them.
class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int in_use_ = -1;
  pid_t remover_ = -1;
};

}  // namespace runnel::spec
