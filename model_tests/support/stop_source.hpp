// SPDX-License-Identifier: MIT
//
// What std::stop_source, std::stop_token and std::stop_callback promise, on the platform of a model, and
// nothing more:
//
//   a request happens-before a `stop_requested` that sees it
//   a callback that is registered when the request comes is run by the requester, one that comes later by
//   its own constructor
//   the destructor of a callback waits for its end, if another thread runs it; the end happens-before that
//
// Two states of a source under its mutex, requested or not. A callback that is not linked any more has been
// run, or is about to be.
#pragma once

#include <runnel/core/parking.hpp>
#include <runnel/core/site.hpp>

#include <cstdint>
#include <utility>

namespace runnel::check {

template <class P>
class stop_source {
  class registration;

 public:
  class token {
   public:
    explicit token(stop_source& source) noexcept : source_(&source) {}
    [[nodiscard]] bool stop_requested() const noexcept {
      return source_->requested_.load(core::at<"stop.see_request">(core::acquire)) != 0;
    }
    [[nodiscard]] static bool stop_possible() noexcept { return true; }

    template <class F>
    class callback_type final : registration {
     public:
      callback_type(const token& t, F f) noexcept
          : registration(*t.source_), f_(std::move(f)), is_inline_(!this->link()) {
        if (is_inline_) f_();
      }
      ~callback_type() {
        if (!is_inline_) this->unlink();
      }
      callback_type(const callback_type&) = delete;
      callback_type& operator=(const callback_type&) = delete;

     private:
      void run() noexcept override { f_(); }

      F f_;
      const bool is_inline_;
    };

   private:
    stop_source* source_;
  };

  stop_source() noexcept { first_.construct(nullptr); }
  ~stop_source() { first_.destroy(); }
  stop_source(const stop_source&) = delete;
  stop_source& operator=(const stop_source&) = delete;

  [[nodiscard]] token get_token() noexcept { return token(*this); }

  void request_stop() noexcept {
    {
      const core::critical_section<P> held(mutex_);
      requested_.store(1, core::at<"stop.request">(core::release));
    }
    while (registration* const r = pop()) {
      r->run();
      r->end();
    }
  }

 private:
  using link_cell = typename P::template cell<registration*>;

  class registration {
   public:
    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

    virtual void run() noexcept = 0;
    /// By the requester; the registration may be gone then.
    void end() noexcept { ended_.store(1, core::at<"stop.end_callback">(core::release)); }

   protected:
    explicit registration(stop_source& source) noexcept : source_(source) {
      next_.construct(nullptr);
    }
    ~registration() { next_.destroy(); }

    /// Whether it was in time for the request.
    [[nodiscard]] bool link() noexcept { return source_.push(*this); }
    void unlink() noexcept {
      if (source_.remove(*this)) return;
      (void)P::await(
          ended_, [](std::uint32_t e) { return e != 0; },
          core::at<"stop.await_callback">(core::acquire));
    }

   private:
    friend stop_source;

    stop_source& source_;
    link_cell next_;
    typename P::template atomic<std::uint32_t> ended_{0};
  };

  static registration* get(const link_cell& l) noexcept {
    return l.read([](registration* r) { return r; });
  }
  static void set(link_cell& l, registration* r) noexcept {
    l.write([r](registration*& to) { to = r; });
  }

  [[nodiscard]] bool push(registration& r) noexcept {
    const core::critical_section<P> held(mutex_);
    if (requested_.load(core::at<"stop.is_requested">(core::relaxed)) != 0) return false;
    set(r.next_, get(first_));
    set(first_, &r);
    return true;
  }
  [[nodiscard]] registration* pop() noexcept {
    const core::critical_section<P> held(mutex_);
    registration* const r = get(first_);
    if (r != nullptr) set(first_, get(r->next_));
    return r;
  }
  [[nodiscard]] bool remove(registration& r) noexcept {
    const core::critical_section<P> held(mutex_);
    for (link_cell* l = &first_; get(*l) != nullptr; l = &get(*l)->next_) {
      if (get(*l) != &r) continue;
      set(*l, get(r.next_));
      return true;
    }
    return false;
  }

  typename core::waiting_parts<P>::mutex mutex_;
  typename P::template atomic<std::uint32_t> requested_{0};
  link_cell first_;
};

}  // namespace runnel::check
