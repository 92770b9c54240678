// SPDX-License-Identifier: MIT
//
// The mutexes, condition variables and the like of POSIX threads, as objects of the model that are found by
// their address. To lock is one step, however the system waits.
#pragma once

#include "model/execution.hpp"

#include <runnel/model/runtime.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace runnel::model::native {

/// The state of a mutex, of a condition variable, ...: one number.
class sync_objects {
 public:
  /// At the begin of an execution.
  void reset() { ++run_; }
  /// The object at the address; made, with this value, by who comes first. `part`: which, if it has several.
  const object& at(const void* address, const char* what, std::uint64_t initial,
                   std::size_t part = 0);
  /// It begins anew, with all its parts: by an initialization, or at its end.
  void renew(const void* address);
  /// The same for its parts from this one on, which others may still be about to leave.
  void abandon(const void* address, std::size_t first_part);

 private:
  struct life {
    std::vector<std::uint32_t> locations;
    alignas(object) std::array<std::byte, sizeof(object)> made{};
    std::string name;
  };
  struct place_of_objects {
    std::uint64_t run = 0;
    std::size_t lives_so_far = 0;
    bool alive = false;
    execution::access_point begun;
    std::deque<life> lives;
  };
  place_of_objects& place_at(const void* address, std::size_t part);
  static const object& handle(const life& l) {
    return *std::launder(reinterpret_cast<const object*>(l.made.data()));
  }

  std::uint64_t run_ = 1;
  std::unordered_map<const void*, std::deque<place_of_objects>> places_;  ///< of each part
};

// Each as the function of POSIX; where it stands.
int lock(void* mutex, place where, waiting how);
int try_lock(void* mutex, place where);
int unlock(void* mutex, place where);
/// False: the time was over.
bool wait(void* condition, void* mutex, bool timed, place where);
void notify(void* condition, bool all, place where);
void destroy_mutex(void* mutex, place where);
void destroy_condition(void* condition, place where);

}  // namespace runnel::model::native
