// SPDX-License-Identifier: MIT
#include "thread_tests.hpp"

namespace runnel::check {

template result tests_on<engine::threads>::run(const waiting_program&, const search&,
                                               const options&);
template result tests_on<engine::threads>::run(const order_program&, const search&, const options&);
template result tests_on<engine::threads>::run(const counting_program&, unsigned threads,
                                               const search&, const options&);
template result tests_on<engine::threads>::run(const mutex_program&, unsigned threads,
                                               const search&, const options&);
template result tests_on<engine::threads>::run(const parcel_program&, const search&,
                                               const options&);

}  // namespace runnel::check
