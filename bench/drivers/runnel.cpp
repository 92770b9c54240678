// SPDX-License-Identifier: MIT
#include "workloads.hpp"

#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>

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

struct one_receiver {
  static bool supports(const bench::options&) { return true; }

  template <class T>
  static auto make(std::optional<std::size_t> capacity) {
    return ends<T>(capacity ? runnel::mpsc::sync_channel<T>(*capacity)
                            : runnel::mpsc::channel<T>());
  }
};

struct many_receivers {
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
  return o.workload == "mpmc" ? bench::drive<many_receivers>(o) : bench::drive<one_receiver>(o);
}
