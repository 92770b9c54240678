// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "references.hpp"

namespace runnel::cli::book {
namespace {

const char* const content = R"html(<h1>The memory model, and what it leaves out</h1>
<p>All that this book shows is shown in the memory model RC11, by exhaustive exploration of small programs.
This page says what that means, and what it does not.</p>

<h2>Executions</h2>
<p>An execution is a graph. Its events are the accesses to atomics and the fences of each thread, with the
values that are read and written; what orders them is</p>
<table class="facts">
<tr><th>sb</th><td>sequenced-before, or program order: the order of the events of one thread.</td></tr>
<tr><th>rf</th><td>reads-from: from a write to each read that takes its value from it.</td></tr>
<tr><th>mo</th><td>modification order: for each atomic, one order of all writes to it.</td></tr>
<tr><th>fr</th><td>from-read: from a read to the writes that come after the one it reads from, in mo.</td></tr>
<tr><th>sw</th><td>synchronizes-with: from a release to an acquire that reads from it, or from its release
sequence (the read-modify-writes that follow it in mo, one from the other); fences take part for the accesses
before and after them.</td></tr>
<tr><th>hb</th><td>happens-before: what sb and sw lead to, in any number of steps.</td></tr>
</table>
<p>A graph is an execution if it keeps these axioms (O. Lahav and others, “Repairing Sequential
Consistency in C/C++11”, 2017, with the release sequences of C++20):</p>
<table class="facts">
<tr><th>coherence</th><td>rf, mo and fr do not contradict happens-before: a read takes no value that is older than
what it knows of.</td></tr>
<tr><th>atomicity</th><td>the write of a read-modify-write follows directly, in mo, on the one that it reads
from.</td></tr>
<tr><th>SC</th><td>the <code>seq_cst</code> events have one order, which extends sb, mo, fr, happens-before
between accesses to one atomic, and those paths of happens-before that begin and end with a step inside a thread
to another atomic. A path that begins with an edge of synchronization alone does not count: that is the
repair.</td></tr>
<tr><th>no thin air</th><td>sb and rf together have no cycle.</td></tr>
</table>
<p>Two accesses to the same plain data, one of them a write, that happens-before does not order are a
<em>data race</em>, and the program has no meaning. Plain data therefore has no values of its own in a graph: an
execution with a race has failed.</p>

<h2>What the explorer visits</h2>
<p>It runs a scenario again and again, and visits every such graph once (the algorithm TruSt:
M. Kokologiannakis and others, “Truly Stateless, Optimal Dynamic Partial Order Reduction”, 2022). A
verdict of <em>passed</em> means that the search came to its end; one that a limit ends is never a pass. A loop
that waits is one read, of the value that ends the wait. That a timed wait times out is a choice: any of them
may.</p>
<p>A step weaker is explored in the same way, the smallest scenario that comes to the site first. The failure
that is shown is one of the weaker order, because with the order as it stands the same scenario has passed in
full.</p>

<h2>What it does not show</h2>
<ul>
<li><strong>Load buffering.</strong> In RC11 no read takes its value from a write that depends on it, through sb and
rf; C++ on paper allows that among relaxed accesses. No such execution is explored. Where only this would make a
weaker order safe, the stronger one has been kept, and the site says so.</li>
<li><strong>Other programs.</strong> Scenarios have two to four threads and one to five messages; positions have 8
bits and wrap around, blocks have one or two slots. Whole channels with three threads are explored with one or two
messages. That an order is enough for any number of threads is what the reasons argue, and what the scenarios
support.</li>
<li><strong>Stand-ins.</strong> Whole channels run with a mutex and a signal of one step each in place of the shipped
ones, which are explored by themselves. So no scenario of a whole channel comes to their sites.</li>
<li><strong>What is outside of the model</strong>: the spinning before a thread parks, the system call that parks it,
clocks.</li>
<li><strong>Necessity is of one step.</strong> That a weaker order fails is said of this algorithm with
all its other orders as they stand. And where no scenario fails, that does not make the weaker order safe: such a
step is argued, or it says <span class="verdict open">necessity not shown</span>.</li>
<li><strong>The compiler and the machine.</strong> The model says what C++ promises, not what some processor does:
most failures in this book cannot be seen on x86-64.</li>
</ul>
<p>The explorer itself is checked by litmus programs with all that RC11 allows of them, and against a second
explorer that was written for clarity alone.</p>
)html";

}  // namespace

page memory_model_page() { return {std::string(model_page), "The memory model", content}; }

}  // namespace runnel::cli::book
