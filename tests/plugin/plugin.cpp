// SPDX-License-Identifier: MIT
//
// A shared object with error codes of its own.
#include <runnel/errors.hpp>

#include <system_error>

extern "C" [[gnu::visibility("default")]] void code_of_a_receive(int value, std::error_code* code) {
  *code = static_cast<runnel::recv_errc>(value);
}
extern "C" [[gnu::visibility("default")]] void code_of_a_send(int value, std::error_code* code) {
  *code = static_cast<runnel::send_errc>(value);
}
