// SPDX-License-Identifier: MIT
//
// The errors of a channel in the words of the specification.
#pragma once

#include <runnel/errors.hpp>
#include <spec/channel_spec.hpp>

namespace properties {

namespace spec = runnel::spec;

inline spec::response response_of(runnel::send_errc e) {
  switch (e) {
    case runnel::send_errc::disconnected: return spec::response::disconnected;
    case runnel::send_errc::full: return spec::response::full;
    case runnel::send_errc::stopped: return spec::response::stopped;
    case runnel::send_errc::timeout: break;
  }
  return spec::response::timeout;
}

inline spec::response response_of(runnel::recv_errc e) {
  switch (e) {
    case runnel::recv_errc::disconnected: return spec::response::disconnected;
    case runnel::recv_errc::empty: return spec::response::empty;
    case runnel::recv_errc::stopped: return spec::response::stopped;
    case runnel::recv_errc::timeout: break;
  }
  return spec::response::timeout;
}

}  // namespace properties
