// SPDX-License-Identifier: MIT
#include "engine_runs.hpp"

namespace runnel::check {

result run(engine e, const program& p, bool mpmc, const search& s, const options& o) {
  return e == engine::explorer ? on_graphs::program(p, mpmc, s, o)
                               : on_relacy::program(p, mpmc, s, o);
}
result run(engine e, const queue_program& p, const search& s, const options& o) {
  return e == engine::explorer ? on_graphs::queue(p, s, o) : on_relacy::queue(p, s, o);
}
result run(engine e, const waiting_program& p, const search& s, const options& o) {
  return e == engine::explorer ? on_graphs::waiting(p, s, o) : on_relacy::waiting(p, s, o);
}
result run(engine e, const counting_program& p, unsigned threads, const search& s,
           const options& o) {
  return e == engine::explorer ? on_graphs::counting(p, threads, s, o)
                               : on_relacy::counting(p, threads, s, o);
}
result run(engine e, const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return e == engine::explorer ? on_graphs::mutex(p, threads, s, o)
                               : on_relacy::mutex(p, threads, s, o);
}
result run(engine e, const parcel_program& p, const search& s, const options& o) {
  return e == engine::explorer ? on_graphs::parcel(p, s, o) : on_relacy::parcel(p, s, o);
}

}  // namespace runnel::check
