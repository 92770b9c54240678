// SPDX-License-Identifier: MIT
//
// A pool of workers: jobs reach them through a bounded channel, from which each job goes to one
// worker; results come back through an unbounded one. No flag, no counter, no special last job
// tells anybody to stop: each side sees that the other has gone.
#include <runnel/runnel.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct job {
  int id;
  std::uint64_t number;
};

struct result {
  int id;
  std::string text;
};

std::string factorise(std::uint64_t n) {
  std::string text = std::to_string(n) + " =";
  for (std::uint64_t p = 2; n > 1; ++p) {
    if (p * p > n) p = n;  // what is left is prime
    for (; n % p == 0; n /= p) text += (text.back() == '=' ? " " : " * ") + std::to_string(p);
  }
  return text;
}

void work(runnel::mpmc::receiver<job> jobs, runnel::mpsc::sender<result> results) {
  for (const job j : jobs) {  // ends when all jobs are taken and no sender is left
    if (!results.send({j.id, factorise(j.number)})) return;  // nobody wants results any more
  }
}

}  // namespace

int main() {
  auto [job_sender, job_receiver] = runnel::mpmc::sync_channel<job>(4);
  auto [result_sender, result_receiver] = runnel::mpsc::channel<result>();

  std::vector<std::jthread> workers;
  for (int i = 0; i < 3; ++i) workers.emplace_back(work, job_receiver, result_sender);
  job_receiver.reset();   // only the workers' handles are left, so that
  result_sender.reset();  // their end is the end of the results

  int id = 0;
  for (const std::uint64_t number : {97U, 1001U, 65536U, 123456U, 999983U, 1234567890U}) {
    if (!job_sender.send({id++, number})) break;  // blocks while four jobs wait
  }
  job_sender.reset();  // no more jobs: the workers take what is left, then leave

  std::vector<result> results;
  for (result r : result_receiver) results.push_back(std::move(r));

  std::ranges::sort(results, {}, &result::id);
  for (const result& r : results) std::cout << r.text << '\n';
}
