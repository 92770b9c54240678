// SPDX-License-Identifier: MIT
//
// Threads that programs which are explored start themselves.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace runnel::model {

/// In place of std::thread. Its start happens before all that it does, and all that before the end of `join`; these
/// add no executions. That an exception leaves it is a failure, and so is each misuse: to join what is not
/// joinable, to destroy or assign to what still is, to join itself. A thread that is detached ends before the execution
/// does, else that is a failure of those who can not go on.
class thread {
 public:
  class id {
   public:
    id() noexcept = default;
    friend auto operator<=>(id, id) noexcept = default;
    template <class Char, class Traits>
    friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                                        id i) {
      return out << i.number_;
    }

   private:
    friend class thread;
    friend struct std::hash<id>;
    explicit id(unsigned number) noexcept : number_(number) {}
    unsigned number_ = 0;  // of none; thread 0 of the explorer is no thread of the program
  };

  thread() noexcept = default;
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, thread> && std::invocable<std::decay_t<F>>)
  explicit thread(F&& f, std::source_location l = std::source_location::current())
      : id_(started(place_of(l), std::forward<F>(f))) {}
  /// The place of this one is not known.
  template <class F, class A, class... As>
    requires std::invocable<std::decay_t<F>, std::decay_t<A>, std::decay_t<As>...>
  explicit thread(F&& f, A&& a, As&&... as)
      : id_(started({"thread start"}, std::forward<F>(f), std::forward<A>(a),
                    std::forward<As>(as)...)) {}

  thread(thread&& other) noexcept : id_(std::exchange(other.id_, {})) {}
  thread& operator=(thread&& other) noexcept {
    forbid_joinable();
    id_ = std::exchange(other.id_, {});
    return *this;
  }
  ~thread() { forbid_joinable(); }

  [[nodiscard]] bool joinable() const noexcept { return id_ != id(); }
  [[nodiscard]] id get_id() const noexcept { return id_; }
  void join(std::source_location l = std::source_location::current()) {
    demand_joinable("joined");
    join_thread(id_.number_, place_of(l));
    id_ = {};
  }
  void detach() {
    demand_joinable("detached");
    id_ = {};
  }
  void swap(thread& other) noexcept { std::swap(id_, other.id_); }
  friend void swap(thread& a, thread& b) noexcept { a.swap(b); }
  [[nodiscard]] static unsigned hardware_concurrency() noexcept { return 0; }

 private:
  template <class F, class... Args>
  static id started(place where, F&& f, Args&&... args) {
    using call = std::tuple<std::decay_t<F>, std::decay_t<Args>...>;
    auto mine = std::make_unique<call>(std::forward<F>(f), std::forward<Args>(args)...);
    const auto entry = [](void* p) {
      const std::unique_ptr<call> its(static_cast<call*>(p));
      std::apply([](auto&&... parts) { (void)std::invoke(std::move(parts)...); }, std::move(*its));
    };
    return id(start_thread(entry, mine.release(), where));
  }
  void forbid_joinable() const {
    if (joinable())
      fail("assertion",
           thread_name(id_.number_) +
               " is neither joined nor detached, and its std::thread would end the program");
  }
  void demand_joinable(const char* what) const {
    if (!joinable())
      fail("assertion", std::string("a thread is ") + what + " that is not joinable");
  }

  id id_;
};

/// In place of std::jthread, without std::stop_token: joins when it ends.
class jthread : public thread {
 public:
  using thread::thread;
  jthread() noexcept = default;
  jthread(jthread&&) noexcept = default;
  jthread& operator=(jthread&& other) noexcept {
    if (joinable()) join();
    thread::operator=(std::move(other));
    return *this;
  }
  ~jthread() {
    if (joinable()) join();
  }
};

}  // namespace runnel::model

/// As of std::thread::id.
template <>
struct std::hash<runnel::model::thread::id> {
  std::size_t operator()(runnel::model::thread::id i) const noexcept { return i.number_; }
};
