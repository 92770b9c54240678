// SPDX-License-Identifier: MIT
#include "engine_runs.hpp"

namespace runnel::check {

result run(engine e, const program& p, bool mpmc, const search& s, const options& o) {
  return runs_on(e).program(p, mpmc, s, o);
}
result run(engine e, const queue_program& p, const search& s, const options& o) {
  return runs_on(e).queue(p, s, o);
}
result run(engine e, const waiting_program& p, const search& s, const options& o) {
  return runs_on(e).waiting(p, s, o);
}
result run(engine e, const counting_program& p, unsigned threads, const search& s,
           const options& o) {
  return runs_on(e).counting(p, threads, s, o);
}
result run(engine e, const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return runs_on(e).mutex(p, threads, s, o);
}
result run(engine e, const parcel_program& p, const search& s, const options& o) {
  return runs_on(e).parcel(p, s, o);
}

}  // namespace runnel::check
