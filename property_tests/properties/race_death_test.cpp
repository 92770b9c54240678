// SPDX-License-Identifier: MIT
//
// ThreadSanitizer finds a publication whose order is too weak when a property runs. Only in a build
// with it is there this test.
#include "five_properties.hpp"
#include "platforms.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

namespace properties {
namespace {

constexpr bool publishes(std::string_view site) {
  return site == "ring.publish" || site == "list.publish";
}

/// The publication of a message is relaxed if `Weak`.
template <bool Weak>
struct weak_platform : core::std_platform {
  template <class T>
  class atomic : public core::std_platform::atomic<T> {
    using base = core::std_platform::atomic<T>;

   public:
    using base::base;
    template <core::site_name N>
    void store(T value, core::at<N> site) noexcept {
      base::store(value, Weak && publishes(N.view()) ? core::at<N>(core::relaxed) : site);
    }
  };
};

template <bool Weak>
[[noreturn]] void run_on_threads() {
  using channels = channels_on<weak_platform<Weak>, core::receivers::many>;
  std::exit(loses_nothing<channels>() ? EXIT_SUCCESS : EXIT_FAILURE);
}

constexpr int status_of_thread_sanitizer = 66;

TEST(RaceDeathTest, APublicationThatIsTooWeakIsFound) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_on_threads<true>(), testing::ExitedWithCode(status_of_thread_sanitizer),
              "ThreadSanitizer: data race");
}
TEST(RaceDeathTest, AsItShipsThereIsNone) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_on_threads<false>(), testing::ExitedWithCode(EXIT_SUCCESS), "");
}

}  // namespace
}  // namespace properties
