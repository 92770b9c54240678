// SPDX-License-Identifier: MIT
#include "explored.hpp"

#include "inspect.hpp"

#include <runnel/model/thread.hpp>

#include <memory>
#include <span>
#include <stdexcept>

namespace runnel::litmus {

class explored::explorer_machine final : public machine {
 public:
  explicit explorer_machine(explored& e) : machine(e.observed_.values()), explored_(e) {}

  int load(unsigned l, order o) override { return explored_.at(l).load(o); }
  void store(unsigned l, int value, order o) override { explored_.at(l).store(value, o); }
  int modify(unsigned l, const change& c) override {
    model::atomic<int>& a = explored_.at(l);
    if (c.how == change::kind::add) return a.fetch_add(c.operand, c.success);
    if (c.how == change::kind::exchange) return a.exchange(c.operand, c.success);
    int value = c.expected;
    a.compare_exchange_strong(value, c.operand, c.success, c.failure);
    return value;
  }
  void fence(order o) override { model::fence(o); }
  int await(unsigned l, condition c, order o) override { return explored_.at(l).await(c, o); }
  int choose(int n) override { return static_cast<int>(model::choose(static_cast<unsigned>(n))); }
  void stop() override { model::assume(false); }

 private:
  explored& explored_;
};

explored::explored(const litmus::program& p, started how) : program_(p), how_(how), observed_(p) {
  if (p.locations > most_locations) throw std::invalid_argument("too many locations");
}

model::atomic<int>& explored::at(unsigned location) {
  return reinterpret_cast<model::atomic<int>*>(storage_.data())[location];
}

void explored::before() {
  observed_.begin();
  finished_ = {};
  for (unsigned l = 0; l < program_.locations; ++l)
    std::construct_at(&at(l), l < program_.initial.size() ? program_.initial[l] : 0);
}

void explored::thread(unsigned index) {
  switch (how_) {
    case started::by_the_check: return do_part(index);
    case started::by_one_thread: return start_all();
    case started::in_a_chain: return start_chain(index);
  }
}

void explored::do_part(unsigned index) {
  explorer_machine m(*this);
  program_.threads[index](m);
  finished_[index] = true;
}

void explored::start_all() {
  std::vector<model::jthread> all;
  for (unsigned i = 0; i < program_.threads.size(); ++i)
    all.emplace_back([this, i] { do_part(i); });
}

void explored::start_chain(unsigned index) {
  model::jthread next;
  if (index + 1 < program_.threads.size())
    next = model::jthread([this, index] { start_chain(index + 1); });
  do_part(index);
}

void explored::after() {
  std::array<int, 4> finals{};
  const std::size_t n = program_.finals.size();
  for (std::size_t f = 0; f < n; ++f) finals.at(f) = at(location_of(program_.finals[f])).load(rlx);
  if (!observed_.end(std::span(finals).first(n))) model::fail("litmus", "too many outcomes");
  for (unsigned l = 0; l < program_.locations; ++l) std::destroy_at(&at(l));
}

result explore(const program& p, model::memory_model m) {
  explored e(p);
  result r;
  if (p.sticks) {
    model::for_each_graph(
        e,
        [&](const model::graph&, model::ending how) {
          if (how == model::ending::complete) ++r.executions;
        },
        m);
  } else {
    model::explore_options how;
    how.memory_model = m;
    const model::explore_result found = model::explore(e, how);
    r.executions = found.complete;
    // A program may show that there is none.
    if (found.end != model::end_of_search::exhausted && found.failure != "no execution")
      r.failure = found.failure + ": " + found.message + '\n' + found.history;
  }
  r.outcomes = e.seen();
  return r;
}

std::string differences(const program& p, const result& r) {
  std::string text = r.failure;
  if (r.executions != p.executions)
    text +=
        std::to_string(r.executions) + " executions, not " + std::to_string(p.executions) + '\n';
  for (const std::string& o : r.outcomes) {
    if (!p.allowed.texts().contains(o)) text += "forbidden outcome: " + o + '\n';
  }
  for (const std::string& o : p.allowed.texts()) {
    if (!r.outcomes.contains(o)) text += "missing outcome: " + o + '\n';
  }
  return text;
}

}  // namespace runnel::litmus
