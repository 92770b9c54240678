// SPDX-License-Identifier: MIT
#include "relacy_tests.hpp"

namespace runnel::check {

template result tests_on<engine::relacy>::run(const waiting_program&, const search&,
                                              const options&);
template result tests_on<engine::relacy>::run(const order_program&, const search&, const options&);
template result tests_on<engine::relacy>::run(const counting_program&, unsigned threads,
                                              const search&, const options&);
template result tests_on<engine::relacy>::run(const mutex_program&, unsigned threads, const search&,
                                              const options&);
template result tests_on<engine::relacy>::run(const parcel_program&, const search&, const options&);

}  // namespace runnel::check
