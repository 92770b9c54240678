// SPDX-License-Identifier: MIT
#include "our_coroutines.hpp"
#include "workloads.hpp"

#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/select.hpp>

#include <expected>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace {

template <class T, class Handle>
struct sending {
  Handle handle;
  void send(T&& value) { handle.send(std::move(value)).value(); }
};

template <class T, class Handle>
struct receiving {
  Handle handle;
  T recv() { return handle.recv().value(); }
};

template <class T, class Sender, class Receiver>
auto ends(std::pair<Sender, Receiver> handles) {
  return std::pair{sending<T, Sender>{std::move(handles.first)},
                   receiving<T, Receiver>{std::move(handles.second)}};
}

template <class T, class Receiver>
class receive_any {
 public:
  explicit receive_any(std::vector<Receiver> all) : all_(std::move(all)), got_(all_.size()) {
    for (std::size_t i = 0; i < all_.size(); ++i) selector_.recv(all_[i].handle, got_[i]);
  }
  T recv() { return std::move(*got_[selector_.select().value()]).value(); }

 private:
  std::vector<Receiver> all_;
  std::vector<std::optional<std::expected<T, runnel::recv_errc>>> got_;
  runnel::selector selector_;
};

template <class T, class Sender>
class send_any {
 public:
  explicit send_any(std::vector<Sender> all) : all_(std::move(all)) {
    for (auto& one : all_) selector_.send(one.handle, value_, error_);
  }
  void send(T value) {
    value_ = value;
    (void)selector_.select().value();
    if (error_) throw std::runtime_error("no receiver");
  }

 private:
  std::vector<Sender> all_;
  T value_{};
  std::optional<runnel::send_errc> error_;
  runnel::selector selector_;
};

struct our_selects {
  template <class T, class... Receivers>
  static T receive_one_of(Receivers&... from) {
    return runnel::select(
        runnel::on_recv(from.handle, [](auto m) { return std::move(m).value(); })...);
  }
  template <class... Receivers>
  static bool try_receive_one_of(Receivers&... from) {
    return runnel::try_select(runnel::on_recv(from.handle, [](const auto&) {})...);
  }
  template <class T, class Receiver>
  using receive_any = ::receive_any<T, Receiver>;
  template <class T, class Sender>
  using send_any = ::send_any<T, Sender>;
};

struct many_of_each {
  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return capacity ? runnel::mpmc::sync_channel<T>(*capacity) : runnel::mpmc::channel<T>();
  }
};

struct one_receiver {
  using coroutines = bench::our_coroutines<many_of_each>;
  static bool supports(const bench::options&) { return true; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return ends<T>(capacity ? runnel::mpsc::sync_channel<T>(*capacity)
                            : runnel::mpsc::channel<T>());
  }
};

struct many_receivers {
  using selects = our_selects;
  static bool supports(const bench::options&) { return true; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return ends<T>(capacity ? runnel::mpmc::sync_channel<T>(*capacity)
                            : runnel::mpmc::channel<T>());
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto o = bench::parse(argc, argv);
  return o.workload == "mpmc" || bench::is_select(o) ? bench::drive<many_receivers>(o)
                                                     : bench::drive<one_receiver>(o);
}
