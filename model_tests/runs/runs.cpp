// SPDX-License-Identifier: MIT
#include "engine_runs.hpp"

namespace runnel::check {

result run(engine e, const program& p, bool mpmc, const search& s, const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::program(p, mpmc, s, o);
    case engine::fiber: return on_fiber::program(p, mpmc, s, o);
    case engine::explorer: break;
  }
  return on_graphs::program(p, mpmc, s, o);
}
result run(engine e, const queue_program& p, const search& s, const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::queue(p, s, o);
    case engine::fiber: return on_fiber::queue(p, s, o);
    case engine::explorer: break;
  }
  return on_graphs::queue(p, s, o);
}
result run(engine e, const waiting_program& p, const search& s, const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::waiting(p, s, o);
    case engine::fiber: return on_fiber::waiting(p, s, o);
    case engine::explorer: break;
  }
  return on_graphs::waiting(p, s, o);
}
result run(engine e, const counting_program& p, unsigned threads, const search& s,
           const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::counting(p, threads, s, o);
    case engine::fiber: return on_fiber::counting(p, threads, s, o);
    case engine::explorer: break;
  }
  return on_graphs::counting(p, threads, s, o);
}
result run(engine e, const mutex_program& p, unsigned threads, const search& s, const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::mutex(p, threads, s, o);
    case engine::fiber: return on_fiber::mutex(p, threads, s, o);
    case engine::explorer: break;
  }
  return on_graphs::mutex(p, threads, s, o);
}
result run(engine e, const parcel_program& p, const search& s, const options& o) {
  switch (e) {
    case engine::relacy: return on_relacy::parcel(p, s, o);
    case engine::fiber: return on_fiber::parcel(p, s, o);
    case engine::explorer: break;
  }
  return on_graphs::parcel(p, s, o);
}

}  // namespace runnel::check
