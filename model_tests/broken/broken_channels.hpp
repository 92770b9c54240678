// SPDX-License-Identifier: MIT
//
// Channels with one realistic mistake, made of the shipped parts with a function overridden. Which
// mistake is made is data, so that one instantiation serves all; with `mistake::none` the channel is
// as shipped. Mistakes in an order or in a written value are made at the site (broken_channels.cpp).
// Programs of two threads run on mpsc channels, of three on mpmc, so both lists are covered.
#pragma once

#include "mistakes.hpp"
#include "support/program_test.hpp"

#include <runnel/core/async.hpp>
#include <runnel/core/channel.hpp>
#include <runnel/core/select.hpp>
#include <runnel/timer.hpp>

#include <expected>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace runnel::check {

template <class P, class List = core::wait_list<P>>
struct mistaken_wait_list : List {
  using base = List;

  void notify_one() noexcept {
    if (current_mistake() == mistake::resumption_read_late) return notify_and_read_late();
    if (current_mistake() == mistake::stop_at_lost_claim) return notify_first_if_claimed();
    if (current_mistake() == mistake::notified_out_of_turn) return notify_second();
    const bool unheard =
        current_mistake() == mistake::no_notify || std::exchange(just_served, false);
    if (!unheard) base::notify_one();
  }
  template <class Serve>
  void notify_one(Serve serve) noexcept {
    if (current_mistake() == mistake::no_notify) return;
    if (current_mistake() == mistake::served_outside_the_mutex) return serve_outside(serve);
    if (current_mistake() == mistake::silent_service) return serve_in_silence(serve);
    base::notify_one(serve);
  }
  void notify_all() noexcept {
    if (current_mistake() == mistake::no_wake_at_close) return;
    if (current_mistake() == mistake::one_wake_at_close) return base::notify_one();
    base::notify_all();
  }
  template <class Operation>
  bool wait(core::time_point deadline, Operation& operation) {
    switch (current_mistake()) {
      case mistake::check_before_registration: return check_first(deadline, operation);
      case mistake::tried_while_registered: return try_registered(deadline, operation);
      case mistake::forgotten_waiter: return forget(deadline, operation);
      case mistake::unnoticed_service: return overlook_service(deadline, operation);
      default: return base::wait(deadline, operation);
    }
  }

 private:
  template <class Operation>
  bool check_first(core::time_point deadline, Operation& operation) {
    for (;;) {
      if (core::attempt(operation)) return true;
      auto w = operation.make_waiter();
      this->add(w);
      const bool in_time = w.park(deadline) || this->remove(w);
      if (operation.was_served(w)) return true;
      if (!in_time) return core::attempt(operation);
    }
  }
  template <class Operation>
  bool try_registered(core::time_point deadline, Operation& operation) {
    for (;;) {
      auto w = operation.make_waiter();
      this->add(w);
      if (core::attempt(operation)) {
        (void)this->remove(w);
        return true;
      }
      if (!w.park(deadline)) {
        (void)this->remove(w);
        return false;
      }
      if (operation.was_served(w) || core::attempt(operation)) return true;
    }
  }
  template <class Operation>
  bool forget(core::time_point deadline, Operation& operation) {
    for (;;) {
      auto w = operation.make_waiter();
      this->add(w);
      if (core::attempt(operation)) return true;
      if (!w.park(deadline)) return false;
      if (operation.was_served(w)) return true;
    }
  }
  template <class Operation>
  bool overlook_service(core::time_point deadline, Operation& operation) {
    if (core::attempt(operation)) return true;
    for (;;) {
      auto w = operation.make_waiter();
      this->add(w);
      const bool is_blocked = operation.decide() == core::decision::blocked;
      const bool in_time = (is_blocked && w.park(deadline)) || this->remove(w) || !is_blocked;
      if (core::attempt(operation)) return true;
      if (!in_time) return false;
    }
  }
  void notify_first_if_claimed() noexcept {
    if (this->occupied_.load(core::at<"waiters.check">(core::seq_cst)) == 0) return;
    core::wakeup<P> after_unlock;
    const core::critical_section<P> held(this->mutex_);
    core::waiter<P>* const first = this->queue_.pop_front();
    if (first == nullptr) return;
    this->note_if_empty();
    if (first->claim()) after_unlock.notify(*first);
  }
  /// The coroutine may have been destroyed meanwhile.
  void notify_and_read_late() noexcept {
    if (this->occupied_.load(core::at<"waiters.check">(core::seq_cst)) == 0) return;
    core::waiter<P>* first = nullptr;
    {
      const core::critical_section<P> held(this->mutex_);
      first = this->queue_.claim_front();
      if (first == nullptr) return;
      this->note_if_empty();
    }
    core::wakeup<P>().notify(*first);
  }
  void notify_second() noexcept {
    core::wakeup<P> after_unlock;
    const core::critical_section<P> held(this->mutex_);
    core::waiter<P>* const first = this->queue_.pop_front();
    core::waiter<P>* const second = this->queue_.pop_front();
    if (second != nullptr) this->queue_.push_back(*first);
    if (first != nullptr) after_unlock.notify(second != nullptr ? *second : *first);
  }
  /// The next list that this thread would look into is that of the receivers.
  template <class Serve>
  void serve_in_silence(Serve serve) noexcept {
    bool served = false;
    base::notify_one([&](core::waiter<P>& w) {
      serve(w);
      served = true;
    });
    just_served = served;
  }
  template <class Serve>
  void serve_outside(Serve serve) noexcept {
    if (this->occupied_.load(core::at<"waiters.check">(core::seq_cst)) == 0) return;
    core::waiter<P>* first = nullptr;
    {
      const core::critical_section<P> held(this->mutex_);
      first = this->queue_.claim_front();
      if (first == nullptr) return;
      this->note_if_empty();
    }
    serve(*first);
    core::wakeup<P>().notify(*first);
  }

  /// Set and taken back without a step of a model in between, so its threads may share it.
  static inline thread_local bool just_served = false;
};

template <class P>
struct mistaken_closing_list : mistaken_wait_list<P, core::closing_list<P>> {
  void notify_all() noexcept {
    if (current_mistake() == mistake::close_tells_nobody) return;
    mistaken_wait_list<P, core::closing_list<P>>::notify_all();
  }
};

template <class P>
struct mistaken_select : core::select_call<P> {
  using base = core::select_call<P>;
  using base::base;

  template <class Stop = core::no_stop>
  typename base::answer wait(core::time_point deadline, const Stop& stop = Stop()) {
    if (current_mistake() == mistake::bias_by_a_look) {
      if (const auto done = this->first_that([](auto& c) { return c.look(); })) return *done;
    }
    for (bool in_time = true;;) {
      bool is_stopped = stop.stop_requested();
      if (const auto done = this->attempt()) return *done;
      if (current_mistake() == mistake::stopped_without_a_look) is_stopped = stop.stop_requested();
      if (is_stopped) return std::unexpected(select_errc::stopped);
      if (!in_time) return std::unexpected(select_errc::timeout);
      if (const auto done = wait_once(deadline, stop, in_time)) return *done;
    }
  }

 private:
  /// Ends when the selection has gone, if there is a stop.
  template <class Stop>
  std::optional<std::size_t> stop_late(core::time_point deadline, const Stop& stop) {
    auto chosen = std::make_unique<core::selection<P>>();
    auto withdraw = [s = chosen.get()]() noexcept { s->stop(); };
    const typename Stop::template callback_type<decltype(withdraw)> registration(stop, withdraw);
    this->join_queues(*chosen);
    const auto choice = this->decide() ? chosen->park(deadline) : chosen->withdraw();
    (void)this->leave();
    chosen.reset();
    return choice ? this->attempt() : std::nullopt;
  }
  template <class Stop>
  std::optional<std::size_t> wake_only(core::time_point deadline, const Stop& stop) {
    core::selection<P> chosen;
    auto wake = [&chosen]() noexcept { P::wake(chosen.word(), 1); };
    const typename Stop::template callback_type<decltype(wake)> registration(stop, wake);
    this->join_queues(chosen);
    const auto choice = this->decide() ? chosen.park(deadline) : chosen.withdraw();
    (void)this->leave();
    return choice ? this->attempt() : std::nullopt;
  }

  static std::optional<std::size_t> choice_of(core::selection<P>& chosen, bool is_blocked,
                                              core::time_point deadline, bool& in_time) {
    if (!is_blocked) return chosen.withdraw();
    const auto choice = chosen.park(deadline);
    if (!choice) in_time = false;
    return choice;
  }

  template <class Stop>
  std::optional<std::size_t> wait_once(core::time_point deadline, const Stop& stop, bool& in_time) {
    if (current_mistake() == mistake::stop_after_the_select) return stop_late(deadline, stop);
    if (current_mistake() == mistake::stop_only_wakes) return wake_only(deadline, stop);
    core::selection<P> chosen;
    switch (current_mistake()) {
      case mistake::another_before_the_chosen: {
        if (const auto met = this->meet_or_join(chosen, this->by_address())) return met;
        this->join_queues(chosen);
        const auto choice = choice_of(chosen, this->decide(), deadline, in_time);
        const bool was_served = this->leave();
        return was_served ? choice : this->attempt();
      }
      case mistake::decision_before_joining: {
        const bool is_blocked = this->decide();
        if (const auto met = this->meet_or_join(chosen, this->by_address())) return met;
        this->join_queues(chosen);
        const auto choice = choice_of(chosen, is_blocked, deadline, in_time);
        if (this->leave()) return choice;
        return choice ? this->attempt() : std::nullopt;
      }
      case mistake::joined_before_meeting: {
        this->join_queues(chosen);
        const auto met = this->meet_or_join(chosen, this->by_address());
        const auto choice = met ? met : choice_of(chosen, this->decide(), deadline, in_time);
        const bool was_served = this->leave();
        return met || was_served ? choice : this->attempt();
      }
      case mistake::crossed_mutexes: {
        const auto in_their_order = [](const auto*, const auto*) { return true; };
        if (const auto met = this->meet_or_join(chosen, this->places(in_their_order))) return met;
        this->join_queues(chosen);
        const auto choice = choice_of(chosen, this->decide(), deadline, in_time);
        return this->leave() ? choice : this->attempt();
      }
      case mistake::overslept_timer: {
        if (const auto met = this->meet_or_join(chosen, this->by_address())) return met;
        this->join_queues(chosen);
        const auto choice = choice_of(chosen, this->decide(), deadline, in_time);
        return this->leave() ? choice : this->attempt();
      }
      default: return base::wait_once(deadline, stop, in_time);
    }
  }
};

template <class Cases, class Stop>
struct mistaken_async : core::async_call<Cases, Stop> {
  using base = core::async_call<Cases, Stop>;
  using P = typename base::platform;
  using base::base;

  bool suspend(const core::resumption& r) noexcept {
    this->resumption_.write([&r](core::resumption& to) { to = r; });
    return wait();
  }
  bool resume() noexcept {
    if (again_) end_round_twice();
    return this->end_told() || this->attempt() || !wait();
  }
  template <class PassOn>
  void abandon(PassOn pass_on) noexcept {
    if (current_mistake() == mistake::not_passed_on) return base::abandon([](std::size_t) {});
    if (current_mistake() == mistake::destroyed_while_linked && this->chosen_)
      return this->chosen_.reset();
    base::abandon(pass_on);
  }

 private:
  bool wait() noexcept {
    do {
      if (join()) return true;
    } while (!end_round() && !this->attempt());
    return false;
  }
  /// Of one that has not been suspended.
  bool end_round() noexcept {
    if (current_mistake() == mistake::told_too_early && !this->answer_ &&
        this->chosen_->is_settled())
      return this->end_told();
    return base::end_round();
  }
  bool join() noexcept {
    if (current_mistake() != mistake::resumed_twice) {
      const bool is_suspended = base::join();
      if (is_suspended && current_mistake() == mistake::touched_when_suspended)
        (void)this->chosen_->is_settled();
      return is_suspended;
    }
    core::selection<P>& chosen = this->chosen_.emplace(this->resumption_);
    if ((this->answer_ = this->enter(chosen))) return false;
    again_.emplace(this->stop_, stop_in_any_case{chosen});
    if (this->decide() && chosen.suspend()) return true;
    again_.reset();
    return false;
  }
  /// The selection may be parked still.
  void end_round_twice() noexcept {
    again_.reset();
    (void)this->chosen_->abandon();
  }

  /// Resumes whoever is no longer idle, whether it has been notified or not.
  struct stop_in_any_case {
    core::selection<P>& chosen;
    void operator()() const noexcept {
      const bool is_idle = !chosen.is_settled();
      const core::resumption r = chosen.resumption();
      if (is_idle)
        chosen.stop();
      else
        r.call(r);
    }
  };
  std::optional<typename Stop::template callback_type<stop_in_any_case>> again_;
};

template <class P>
struct mistaken_timer : core::basic_timer<P> {
  using base = core::basic_timer<P>;
  using base::base;
  using typename base::result;

  result try_recv() noexcept {
    const core::time_point due = base::due();
    if (current_mistake() != mistake::shared_firing || P::now() < due) return base::try_recv();
    (void)base::try_recv();
    return due;
  }
  result recv() noexcept {
    for (;;) {
      const result r = try_recv();
      if (r.has_value() || r.error() != recv_errc::empty) return r;
      const core::time_point next = base::due();
      if (next != core::never || current_mistake() == mistake::waits_for_never)
        (void)core::signal<P>().park(next);
    }
  }
};

template <class P>
struct mistaken_count : core::handle_count<P> {
  using base = core::handle_count<P>;
  using base::base;

  template <class... Limit>
  void add(Limit... limit) {
    try {
      base::add(limit...);
    } catch (const std::length_error&) {
      if (current_mistake() == mistake::refused_handle_counts) base::add();
      throw;
    }
  }
  bool drop() noexcept {
    const bool last = base::drop();
    return last || current_mistake() == mistake::every_drop_the_last;
  }
};

template <class P, class T>
struct mistaken_rendezvous : core::rendezvous<P, T> {
  using base = core::rendezvous<P, T>;

  core::send_status try_send(T& value) noexcept {
    if (current_mistake() != mistake::meeting_after_the_close) return base::try_send(value);
    core::wakeup<P> after_unlock;
    const core::critical_section<P> held(this->mutex_);
    auto* const first = static_cast<typename base::party*>(this->receivers_.claim_front());
    if (first == nullptr)
      return this->closed() ? core::send_status::disconnected : core::send_status::full;
    first->place.construct(std::move(value));
    first->finish(base::outcome::taken);
    after_unlock.notify(*first);
    return core::send_status::sent;
  }
  void close() noexcept {
    if (current_mistake() != mistake::close_wakes_receivers_only) return base::close();
    core::wakeup<P> after_unlock;
    const core::critical_section<P> held(this->mutex_);
    this->closed_.write([](bool& c) { c = true; });
    auto* const first = static_cast<typename base::party*>(this->receivers_.claim_front());
    if (first == nullptr) return;
    first->finish(base::outcome::closed);
    after_unlock.notify(*first);
  }
  core::send_status send(T& value, core::time_point deadline) noexcept {
    if (current_mistake() != mistake::unchecked_withdrawal) return base::send(value, deadline);
    typename base::party self;
    {
      core::wakeup<P> after_unlock;
      const core::critical_section<P> held(this->mutex_);
      const core::send_status now = this->hand_over(value, after_unlock);
      if (now != core::send_status::full) return now;
      self.place.construct(std::move(value));
      this->senders_.push_back(self);
    }
    if (self.park(deadline)) return core::send_status::sent;
    {
      const core::critical_section<P> held(this->mutex_);
      (void)this->senders_.remove(self);
    }
    std::destroy_at(&value);
    std::construct_at(&value, self.place.take());
    return core::send_status::timeout;
  }
};

template <class P, class T, class Geometry>
struct mistaken_ring : core::ring<P, T, Geometry> {
  using base = core::ring<P, T, Geometry>;
  using base::base;

  void close() noexcept {
    base::close();
    closed_by_us_ = true;
    while (current_mistake() == mistake::close_discards && base::try_recv()) {
    }
  }
  core::send_status send_if_free(T& value) noexcept {
    return current_mistake() == mistake::served_after_the_close ? send_if_closed(value)
                                                                : base::send_if_free(value);
  }
  std::expected<T, recv_errc> recv_if_there() noexcept {
    return current_mistake() == mistake::received_without_claim ? without_claim()
                                                                : base::recv_if_there();
  }
  std::optional<recv_errc> confirm_empty() noexcept {
    if (current_mistake() == mistake::empty_by_slot && looks_empty()) return recv_errc::empty;
    if (current_mistake() == mistake::empty_by_exchange && exchange_says_empty())
      return recv_errc::empty;
    if (current_mistake() == mistake::close_loses_claims && base::is_closed() && !is_published())
      return recv_errc::disconnected;
    return base::confirm_empty();
  }
  std::expected<T, recv_errc> try_recv() noexcept {
    if (current_mistake() == mistake::no_discard && closed_by_us_)
      return std::unexpected(recv_errc::disconnected);
    return core::look_and_decide(*this);
  }
  [[nodiscard]] std::size_t size() const noexcept {
    const std::size_t n = base::size();
    return current_mistake() == mistake::full_has_no_size ? n % this->capacity() : n;
  }
  [[nodiscard]] bool is_closed() const noexcept {
    return base::is_closed() && current_mistake() != mistake::close_is_not_told;
  }

 private:
  std::expected<T, recv_errc> without_claim() noexcept {
    const auto h = this->head_.load(core::at<"ring.recv_position">(core::relaxed));
    auto& s = this->slot_of(h);
    if (s.stamp.load(core::at<"ring.see_message">(core::acquire)) != (h | base::full))
      return std::unexpected(recv_errc::empty);
    // On real threads it is a while until here.
    (void)typename P::polling().until([] { return false; });
    this->head_.store(this->next(h), core::at<"ring.claim_recv">(core::seq_cst));
    return this->take(s, h);
  }
  core::send_status send_if_closed(T& value) noexcept {
    auto t = this->tail_.load(core::at<"ring.send_position">(core::relaxed));
    const auto flag = static_cast<decltype(t)>(t & base::closed);
    auto& s = this->slot_of(base::open(t));
    if (flag == 0) return base::send_if_free(value);
    if (s.stamp.load(core::at<"ring.see_free">(core::acquire)) != base::open(t) ||
        !this->tail_.compare_exchange_strong(
            t, static_cast<decltype(t)>(this->next(base::open(t)) | flag),
            core::at<"ring.claim_send">(core::seq_cst, core::relaxed)))
      return core::send_status::full;
    s.value.construct(std::move(value));
    s.stamp.store(static_cast<decltype(t)>(base::open(t) | base::full),
                  core::at<"ring.publish">(core::release));
    return core::send_status::sent;
  }
  bool is_published() noexcept {
    const auto h = this->head_.load(core::at<"ring.recv_head">(core::relaxed));
    const auto stamp = this->slot_of(h).stamp.load(core::at<"ring.await_message">(core::acquire));
    return stamp == (h | base::full);
  }
  bool looks_empty() noexcept {
    const auto h = this->head_.load(core::at<"ring.recv_head">(core::relaxed));
    const auto stamp = this->slot_of(h).stamp.load(core::at<"ring.await_message">(core::relaxed));
    const auto t = this->tail_.load(core::at<"ring.recv_tail">(core::relaxed));
    return stamp != (h | base::full) && (t & base::closed) == 0;
  }
  bool exchange_says_empty() noexcept {
    const auto h = this->head_.load(core::at<"ring.recv_head">(core::relaxed));
    auto t = this->later(this->later(h));  // the tail is never so far
    (void)this->tail_.compare_exchange_strong(
        t, t, core::at<"ring.recv_tail">(core::seq_cst, core::relaxed));
    return t == h;
  }
  bool closed_by_us_ = false;
};

template <class T, class List>
struct mistaken_list : List {
  core::send_status try_send(T& value) {
    if (current_mistake() != mistake::moved_before_memory) return List::try_send(value);
    T taken(std::move(value));
    const core::send_status status = List::try_send(taken);
    if (status != core::send_status::sent) {
      std::destroy_at(&value);
      std::construct_at(&value, std::move(taken));
    }
    return status;
  }
  core::send_status send_if_free(T& value) { return try_send(value); }
  std::expected<T, recv_errc> try_recv() noexcept {
    return receive([this] { return List::try_recv(); });
  }
  std::expected<T, recv_errc> recv_if_there() noexcept {
    return receive([this] { return List::recv_if_there(); });
  }

 private:
  template <class Receive>
  std::expected<T, recv_errc> receive(Receive from_list) noexcept {
    if (kept_) {
      std::expected<T, recv_errc> first(*std::move(kept_));
      kept_.reset();
      return first;
    }
    auto first = from_list();
    if (!first || current_mistake() != mistake::swapped_messages) return first;
    auto second = from_list();
    if (!second) return first;
    kept_.emplace(*std::move(first));
    return second;
  }

  std::optional<T> kept_;
};

template <class P, class Geometry>
struct mistaken_parts {
  template <class T>
  using ring = mistaken_ring<P, T, Geometry>;
  template <class T>
  using list = mistaken_list<T, core::list<P, T, Geometry>>;
  template <class T>
  using sole_list = mistaken_list<T, core::sole_list<P, T, Geometry>>;
  template <class T>
  using rendezvous = mistaken_rendezvous<P, T>;
  using wait_list = mistaken_wait_list<P>;
  using closing_list = mistaken_closing_list<P>;
  using handle_count = mistaken_count<P>;
  using select_call = mistaken_select<P>;
  template <class Cases, class Stop>
  using async_call = mistaken_async<Cases, Stop>;
};

}  // namespace runnel::check
