// SPDX-License-Identifier: MIT
#include "check_run.hpp"

#include "terminal/interrupt.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace runnel::cli {
namespace {

class run {
 public:
  run(const std::vector<check::scenario>& selected, const run_options& options)
      : selected_(selected), options_(options) {
    for (const check::scenario& s : selected) reports_.push_back({s, state::not_run, {}, 0});
  }

  std::vector<report> all() {
    while (interrupt::signal() == 0) {
      while (next_ < selected_.size() && running_.size() < options_.jobs && !is_enough()) start();
      if (running_.empty()) break;
      if (options_.still_running) options_.still_running(running_);
      wait();
      for (const auto& w : running_) w->read();
      collect();
    }
    running_.clear();
    return std::move(reports_);
  }

 private:
  [[nodiscard]] bool is_enough() const { return options_.enough && options_.enough(); }

  void start() {
    check::options how = options_.check;
    how.seconds = options_.timeout;
    running_.push_back(std::make_unique<worker>(selected_[next_], how, running_));
    places_.push_back(next_++);
  }

  /// Who keeps the time has more to say of its end than can be seen from here.
  [[nodiscard]] bool is_too_late(const check::scenario& s, double seconds) const {
    constexpr double grace = 5;
    return options_.timeout > 0 && seconds >= options_.timeout + (s.keeps_time ? grace : 0);
  }

  /// Until something is to be read, or it is time to look at the clock or at processes again.
  void wait() const {
    std::vector<pollfd> polled = {{interrupt::descriptor(), POLLIN, 0}};
    bool ending = false;
    for (const auto& w : running_) {
      const std::size_t before = polled.size();
      w->add_to(polled);
      ending = ending || polled.size() < before + 2;
    }
    const int timeout_ms = ending ? 5 : 100;
    if (poll(polled.data(), static_cast<nfds_t>(polled.size()), timeout_ms) < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
  }

  void collect() {
    for (std::size_t i = 0; i < running_.size();) {
      worker& w = *running_[i];
      const double seconds = w.seconds();
      if (w.finished()) {
        if (w.refused()) throw std::invalid_argument(w.result().message);
        done(i, judge(w.scenario(), w.result(), seconds));
      } else if (is_too_late(w.scenario(), seconds)) {
        done(i, judge(w.scenario(), w.give_up(options_.timeout), seconds));
      } else {
        ++i;
      }
    }
  }

  void done(std::size_t i, report r) {
    report& place = reports_[places_[i]];
    place = std::move(r);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
    if (options_.finished) options_.finished(place);
  }

  const std::vector<check::scenario>& selected_;
  const run_options& options_;
  std::vector<report> reports_;
  workers running_;
  std::vector<std::size_t> places_;  // of those that run, in selected_
  std::size_t next_ = 0;
};

}  // namespace

std::vector<report> run_checks(const std::vector<check::scenario>& selected,
                               const run_options& options) {
  return run(selected, options).all();
}

}  // namespace runnel::cli
