// SPDX-License-Identifier: MIT
#include "chapters.hpp"

#include <algorithm>

namespace runnel::cli::book {
namespace {

/// A site to begin with, and what it shows.
struct stop {
  std::string site;
  std::string shows;
};

/// A part of the core: its files, what it does, and where to begin.
struct part {
  std::string name;
  std::vector<std::string> files;
  std::string text;
  std::vector<stop> tour;
};

const std::vector<part>& parts() {
  static const std::vector<part> all = {
      {"The ring",
       {"runnel/core/ring.hpp"},
       R"html(<p>A bounded channel is a ring of slots. Two counters say where the next message goes (<code>tail_</code>) and
where the next one is taken (<code>head_</code>); each slot has a stamp, which says for which lap it is free or
full. A sender looks at the stamp, claims the position by a compare-exchange of the tail, constructs the message, and
publishes it with the stamp. A receiver does the same with the head, and releases the slot for the next lap.</p>
<p>The stamp is what hands data over: its release and acquire make a message complete before it is taken, and a slot empty
before it is filled again. The claims decide who is next, and whether the ring is full or empty; they are seq_cst,
since “full” is said of two counters, and two of them can only be compared in one order.</p>)html",
       {{"ring.publish", "how a message is handed over"},
        {"ring.see_message", "the other end of it"},
        {"ring.release", "the way back: how the slot is handed over for the next message"},
        {"ring.see_free", "and its other end"},
        {"ring.claim_send",
         "why some orders are seq_cst: “full” and “empty” are said of two counters"},
        {"ring.recv_tail", "the receiver that finds nothing, on the other side of that"}}},
      {"The list",
       {"runnel/core/list.hpp"},
       R"html(<p>An unbounded channel is a list of blocks of slots. The tail and the head are each a position and the block it lies
in. Who claims the last slot of a block links the next one; a block is used again when all its messages have been
taken. With many receivers each claims a position of the head; the only receiver of an <code>mpsc</code> channel owns
the head, and need not even look at the tail while there are messages.</p>
<p>Release and acquire carry three things: a message, by the state of its slot; a new block, by the position that is
advanced after the block has been stored; and an old block, by the count of the receives from it.</p>)html",
       {{"list.publish", "a message, as in the ring"},
        {"list.link", "a new block"},
        {"list.put_spare", "an old block, which is used again"}}},
      {"The rendezvous",
       {"runnel/core/rendezvous.hpp"},
       R"html(<p>With capacity 0 a send and a receive are one step. Who comes first waits in a list, who comes second does the step
under a mutex. What the two have to tell each other is ordered by the mutex and by the signal on which the first one
sleeps.</p>
<p>If nobody else waits, the first one waits in a seat of the channel, in one cache line with the mutex, and not on its
own stack. Who leaves the seat does so without the mutex: that is a release, and who takes it next an
acquire.</p>)html",
       {}},
      {"Waiting",
       {"runnel/core/waiting.hpp"},
       R"html(<p>A blocked operation registers a waiter, looks once more, and sleeps. Who makes progress possible looks whether
somebody is registered, and wakes the first. This is a <em>handshake</em>: a sender claims and then looks for waiters,
a receiver registers and then looks for messages. In the one order of seq_cst operations one of the two comes second,
and sees the other: so nobody sleeps while there is something to do.</p>)html",
       {{"waiters.register", "the one side of a handshake: say that you wait, then look"},
        {"waiters.check", "the other: do it, then look who waits"}}},
      {"Selecting",
       {"runnel/core/selection.hpp"},
       R"html(<p>A select waits in many lists at once. One word says which of its cases has been chosen, so that no two are. It
hands nothing over: who touches it holds the mutex of a list, or has ended before the select does, and that is what
orders them. So all of it is relaxed, but for one step and its partner: a coroutine that suspends itself may go on in
another thread, and end there, after all that it has done in this one.</p>)html",
       {{"selection.suspend", "the last step of a coroutine in this thread"}}},
      {"Timers",
       {"runnel/timer.hpp"},
       R"html(<p>A timer is one word: the time at which it fires next. Who receives from it moves that on by a compare-exchange, so
that it fires once for each time. The word says all there is to know, and all of it is relaxed.</p>)html",
       {}},
      {"Sleeping",
       {"runnel/core/parking.hpp"},
       R"html(<p>A mutex on a futex word for the list of waiters, and a signal that one thread sends to another. The mutex hands the
list from one holder to the next; the signal tells a waiter that it has been taken off the list.</p>)html",
       {{"mutex.unlock", "a mutex hands over all that it protects"},
        {"waiter.notify", "a signal that carries data"}}},
      {"Counts",
       {"runnel/core/counts.hpp"},
       R"html(<p>A channel counts its senders, its receivers, and the sides that still have any. The drop of the last handle of a side
closes the channel, and the last side frees it: what all others did with their handles comes before.</p>)html",
       {{"count.drop", "release and acquire in one: the last one sees what all others did"}}},
      {"Misuse",
       {"runnel/core/misuse.hpp"},
       R"html(<p>Debug builds notice two threads in one <code>mpsc</code> receiver. The detector must not order what it watches, so it
is relaxed; models leave it out. It lies in the channel, in a cache line of its own: a handle may lie beside what
other threads read all the time.</p>)html",
       {}},
  };
  return all;
}

chapter chapter_of(const part& p) { return {p.name, p.text, p.files, {}, {}}; }

bool has(const std::vector<const site_entry*>& sites, const site_entry& e) {
  return std::ranges::find(sites, &e) != sites.end();
}

}  // namespace

std::vector<chapter> chapters_of(const contents& c) {
  std::vector<chapter> all;
  chapter others{"Others", "", {}, {}, {}};
  for (const part& p : parts()) {
    chapter& now = all.emplace_back(chapter_of(p));
    for (const stop& s : p.tour) {
      const auto entry =
          std::ranges::find(c.sites, s.site, [](const site_entry& e) { return e.site.name; });
      if (entry == c.sites.end()) continue;
      now.tour.emplace_back(&*entry, s.shows);
      now.sites.push_back(&*entry);
    }
  }
  for (const site_entry& e : c.sites) {
    const auto mine = std::ranges::find_if(all, [&](const chapter& known) {
      return std::ranges::find(known.files, e.site.file) != known.files.end();
    });
    chapter& now = mine == all.end() ? others : *mine;
    if (!has(now.sites, e)) now.sites.push_back(&e);
  }
  all.push_back(std::move(others));
  std::erase_if(all, [](const chapter& empty) { return empty.sites.empty(); });
  return all;
}

}  // namespace runnel::cli::book
