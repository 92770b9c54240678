// SPDX-License-Identifier: MIT
#include "graph_tests.hpp"

namespace runnel::check {

template result tests_on<engine::explorer>::run(const waiting_program&, const search&,
                                                const options&);
template result tests_on<engine::explorer>::run(const order_program&, const search&,
                                                const options&);
template result tests_on<engine::explorer>::run(const counting_program&, unsigned threads,
                                                const search&, const options&);
template result tests_on<engine::explorer>::run(const mutex_program&, unsigned threads,
                                                const search&, const options&);
template result tests_on<engine::explorer>::run(const parcel_program&, const search&,
                                                const options&);

}  // namespace runnel::check
