// SPDX-License-Identifier: MIT
//
// The errors and their conversions (row 17 of the list of behaviours, see README.md).
#include "support.hpp"

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#ifdef __cpp_lib_format
#include <format>
#endif

namespace unit {
namespace {

using runnel::select_errc;

static_assert(std::is_error_code_enum_v<send_errc> && std::is_error_code_enum_v<recv_errc> &&
              std::is_error_code_enum_v<select_errc>);
static_assert(static_cast<int>(send_errc::disconnected) == 1, "0 would mean success");
static_assert(static_cast<int>(recv_errc::disconnected) == 1, "0 would mean success");
static_assert(static_cast<int>(select_errc::no_case) == 1, "0 would mean success");

constexpr send_errc send_errors[] = {send_errc::disconnected, send_errc::full, send_errc::timeout,
                                     send_errc::stopped};
constexpr recv_errc recv_errors[] = {recv_errc::disconnected, recv_errc::empty, recv_errc::timeout,
                                     recv_errc::stopped};
constexpr select_errc select_errors[] = {select_errc::no_case, select_errc::none_ready,
                                         select_errc::timeout, select_errc::stopped};

TEST(Errors, ConvertToErrorCodes) {
  for (const send_errc e : send_errors) {
    const std::error_code code = e;
    EXPECT_TRUE(code);
    EXPECT_EQ(code, e);
    EXPECT_EQ(code.value(), static_cast<int>(e));
    EXPECT_EQ(&code.category(), &runnel::send_error_category());
  }
  for (const recv_errc e : recv_errors) {
    const std::error_code code = e;
    EXPECT_TRUE(code);
    EXPECT_EQ(code, e);
    EXPECT_EQ(code.value(), static_cast<int>(e));
    EXPECT_EQ(&code.category(), &runnel::recv_error_category());
  }
  for (const select_errc e : select_errors) {
    const std::error_code code = e;
    EXPECT_TRUE(code);
    EXPECT_EQ(code, e);
    EXPECT_EQ(code.value(), static_cast<int>(e));
    EXPECT_EQ(&code.category(), &runnel::select_error_category());
  }
}

TEST(Errors, TheCategoriesDiffer) {
  EXPECT_STREQ(runnel::send_error_category().name(), "runnel.send");
  EXPECT_STREQ(runnel::recv_error_category().name(), "runnel.recv");
  EXPECT_STREQ(runnel::select_error_category().name(), "runnel.select");
  EXPECT_NE(make_error_code(send_errc::disconnected), make_error_code(recv_errc::disconnected));
  EXPECT_NE(make_error_code(recv_errc::timeout), make_error_code(select_errc::timeout));
}

TEST(Errors, EachHasAMessageOfItsOwn) {
  std::set<std::string> messages;
  for (const send_errc e : send_errors) messages.insert(make_error_code(e).message());
  for (const recv_errc e : recv_errors) messages.insert(make_error_code(e).message());
  for (const select_errc e : select_errors) messages.insert(make_error_code(e).message());
  EXPECT_EQ(messages.size(), 12u);
  EXPECT_FALSE(messages.contains(""));
  EXPECT_FALSE(runnel::send_error_category().message(99).empty());
  EXPECT_FALSE(runnel::recv_error_category().message(99).empty());
  EXPECT_FALSE(runnel::select_error_category().message(99).empty());
}

TEST(Errors, CompareWithConditions) {
  const std::error_code timeout = recv_errc::timeout;
  EXPECT_TRUE(timeout == timeout.default_error_condition());
  EXPECT_FALSE(timeout == make_error_code(recv_errc::empty).default_error_condition());
  EXPECT_FALSE(timeout == make_error_code(send_errc::timeout).default_error_condition());
  EXPECT_FALSE(timeout == std::errc::timed_out);
  EXPECT_TRUE(timeout != recv_errc::empty && timeout != send_errc::timeout);
  EXPECT_TRUE(recv_errc::timeout == timeout && recv_errc::empty != timeout);
}

TEST(Errors, CanBeThrownAsASystemError) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  tx.reset();
  try {
    throw std::system_error(rx.recv().error());
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), recv_errc::disconnected);
  }
}

TEST(Errors, TheValueCanBeMovedOutOfASendError) {
  auto [tx, rx] = runnel::mpsc::sync_channel<std::unique_ptr<int>>(1);
  rx.reset();
  auto result = tx.send(std::make_unique<int>(3));
  const std::unique_ptr<int> value = std::move(result).error().value;
  EXPECT_EQ(*value, 3);
}

/// An error with a value that can neither be copied nor printed.
runnel::send_error<std::unique_ptr<int>> failed(send_errc reason) { return {reason, nullptr}; }

TEST(Errors, ASendErrorComparesWithAReason) {
  EXPECT_TRUE(failed(send_errc::full) == send_errc::full);
  EXPECT_TRUE(send_errc::full == failed(send_errc::full));
  EXPECT_TRUE(failed(send_errc::full) != send_errc::timeout);
  static_assert(runnel::send_error<int>{send_errc::timeout, 1} == send_errc::timeout);
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(0);
  EXPECT_EQ(tx.try_send(1), std::unexpected(send_errc::full));
  rx.reset();
  EXPECT_EQ(tx.try_send(1), std::unexpected(send_errc::disconnected));
}

template <class Char = char>
std::basic_string<Char> printed(const auto& error) {
  std::basic_ostringstream<Char> out;
  out << error;
  return out.str();
}

TEST(Errors, PrintAsWords) {
  EXPECT_EQ(printed(send_errc::disconnected), "disconnected");
  EXPECT_EQ(printed(send_errc::full), "full");
  EXPECT_EQ(printed(send_errc::timeout), "timeout");
  EXPECT_EQ(printed(send_errc::stopped), "stopped");
  EXPECT_EQ(printed(static_cast<send_errc>(99)), "unknown send error");
  EXPECT_EQ(printed(recv_errc::disconnected), "disconnected");
  EXPECT_EQ(printed(recv_errc::empty), "empty");
  EXPECT_EQ(printed(recv_errc::timeout), "timeout");
  EXPECT_EQ(printed(recv_errc::stopped), "stopped");
  EXPECT_EQ(printed(static_cast<recv_errc>(99)), "unknown receive error");
  EXPECT_EQ(printed(select_errc::no_case), "no case");
  EXPECT_EQ(printed(select_errc::none_ready), "none ready");
  EXPECT_EQ(printed(select_errc::timeout), "timeout");
  EXPECT_EQ(printed(select_errc::stopped), "stopped");
  EXPECT_EQ(printed(static_cast<select_errc>(99)), "unknown select error");
  EXPECT_EQ(printed(failed(send_errc::timeout)), "timeout");
  EXPECT_EQ(printed<wchar_t>(failed(send_errc::full)), L"full");
  EXPECT_EQ(printed(make_error_code(send_errc::full)), "runnel.send:2") << "a code is no word";
}

#ifdef __cpp_lib_format
TEST(Errors, FormatAsWords) {
  EXPECT_EQ(std::format("{}", send_errc::full), "full");
  EXPECT_EQ(std::format("{:>7}.", recv_errc::empty), "  empty.");
  EXPECT_EQ(std::format("{:>8}.", select_errc::stopped), " stopped.");
  EXPECT_EQ(std::format("{:.4}", failed(send_errc::timeout)), "time");
}
#endif

}  // namespace
}  // namespace unit
