# SPDX-License-Identifier: MIT
"""What the channels are to reach, judged on one run."""

import dataclasses

from .cells import THROUGHPUT, duration
from .figures import summarise

MEAN_TO_CROSSBEAM = {"both": 0.4, "pinned": 0.7}
TO_BARE = 2.5
TO_MUTEX_PINNED = 1.2
TO_MUTEX_LATENCY = 2.0
BLOCKED_MS = 1.0
ASSERTIONS_COST = 1.1
# Of crossbeam's time: a workload with selects, at some capacities.
SELECTS = (
    ("select", "0 1 1024 unbounded", 0.5),
    ("try_select", "0 1 1024 unbounded", 0.35),
    ("select_rx", "1024 unbounded", 0.5),
    ("select_rx", "0 1", 0.25),
    ("select_both", "0 1 1024", 0.5),
)
# Coroutines of one thread, on one core, or on a pool of two: ours or the channels within a thread, at some
# capacities, of a peer's time.
COROUTINES = (
    ("coroutines", "runnel", "0 1", "go", 1.2),
    ("coroutines", "runnel", "0 1", "asio", 0.2),
    ("coroutines", "local", "0 1", "go", 0.6),
    ("coroutines", "local", "0 1", "asio", 0.1),
    ("pool", "runnel", "0 1", "go", 0.8),
    ("pool", "runnel", "0 1", "tokio", 0.5),
    ("pool", "runnel", "1024 unbounded", "tokio", 0.5),
    ("pool", "runnel", "1024 unbounded", "asio", 0.2),
)


@dataclasses.dataclass(frozen=True)
class Verdict:
    target: str
    holds: bool
    numbers: str


def listed(cells_with_ratios):
    return ", ".join(f"{name} {ratio:.2f}" for name, ratio in cells_with_ratios)


def is_throughput(cell):
    """Of one channel at a time, between threads: selects and coroutines have targets of their own."""
    return cell.figure == THROUGHPUT and not cell.selects and not cell.awaits


def throughput(results, setting):
    return [cell for cell in results.cells(setting) if is_throughput(cell)]


def each_cell(target, ratios, bound, strict=False):
    """A verdict on ratios by cell, or none if no such cell ran. Names the cells beyond the bound."""
    if not ratios:
        return []
    beyond = [(n, r) for n, r in ratios if r > bound or (strict and r == bound)]
    worst = max(ratios, key=lambda entry: entry[1])
    numbers = f"not in {len(beyond)} of {len(ratios)}: {listed(beyond)}" if beyond else (
        f"all {len(ratios)}, the worst: {listed([worst])}")  # fmt: skip
    return [Verdict(target, not beyond, numbers)]


def mean_to_crossbeam(results, ours):
    verdicts = []
    for setting, bound in MEAN_TO_CROSSBEAM.items():
        mean = results.mean_ratio(setting, ours, "crossbeam")
        if mean is not None:
            target = f"{setting}: geometric mean at most {bound} of crossbeam"
            verdicts.append(Verdict(target, mean <= bound, f"{mean:.2f}"))
    return verdicts


def best_peer(results, setting, cell, thread_based):
    ran = [p for p in thread_based if results.values(setting, cell, p)]
    return min(ran, key=lambda p: results.summary(setting, cell, p).median, default=None)


def no_slower_than_the_best(results, ours, thread_based):
    """Within the noise: the lower quartile of the ratios decides; the median is shown."""
    verdicts = []
    for setting in results.settings():
        judged, beyond = 0, []
        for cell in throughput(results, setting):
            best = best_peer(results, setting, cell, thread_based)
            ratio = best and results.ratio(setting, cell, ours, best)
            if ratio:
                judged += 1
                if ratio.low > 1:
                    beyond.append((f"{cell.name} (to {best})", ratio.median))
        if judged:
            numbers = f"not in {len(beyond)} of {judged}: {listed(beyond)}" if beyond else f"all {judged}"
            target = f"{setting}: each cell at least as fast as the best thread-based peer"
            verdicts.append(Verdict(target, not beyond, numbers))
    return verdicts


def medians(results, setting, ours, theirs, wanted=lambda cell: True, figure=None):
    found = []
    for cell in results.cells(setting):
        ratio = wanted(cell) and results.ratio(setting, cell, ours, theirs, figure)
        if ratio:
            found.append((cell.name, ratio.median))
    return found


def ahead_of_go(results, ours):
    def wanted(cell):
        return is_throughput(cell) and (cell.capacity in "01" or cell.workload == "pingpong")

    ratios = medians(results, "both", ours, "go", wanted)
    return each_cell("both: ahead of Go at capacity 0, 1 and pingpong", ratios, 1, strict=True)


def near_the_bare_ring(results, ours):
    bare = ours.replace("runnel", "bare")
    verdicts = []
    for name, wanted in (
        ("spsc 1024", lambda cell: cell.name == "spsc 1024"),
        ("pingpong", lambda cell: cell.workload == "pingpong"),
    ):
        ratios = medians(results, "both", ours, bare, wanted)
        verdicts += each_cell(f"both: {name} at most {TO_BARE} times the bare ring", ratios, TO_BARE)
    return verdicts


def beside_the_mutex(results, ours):
    pinned = medians(results, "pinned", ours, "mutex", lambda cell: cell.figure == THROUGHPUT and not cell.awaits)
    latency = medians(
        results, "both", ours, "mutex",
        lambda cell: cell.workload == "latency" and cell.interval_ns == 1000, "p50",
    )  # fmt: skip
    return [
        *each_cell(f"pinned: at most {TO_MUTEX_PINNED} times the mutex", pinned, TO_MUTEX_PINNED),
        *each_cell(f"both: p50 latency at most {TO_MUTEX_LATENCY:g} times the mutex's", latency,
                   TO_MUTEX_LATENCY),
    ]  # fmt: skip


def selects(results, ours):
    verdicts = []
    for workload, capacities, bound in SELECTS:
        ratios = medians(
            results, "both", ours, "crossbeam",
            lambda cell, w=workload, c=capacities.split(): cell.workload == w and cell.capacity in c,
        )  # fmt: skip
        target = f"both: {workload} {capacities} at most {bound} of crossbeam"
        verdicts += each_cell(target, ratios, bound)
    return verdicts


def coroutines(results, ours):
    verdicts = []
    for workload, kind, capacities, theirs, bound in COROUTINES:
        setting = "pinned" if workload == "coroutines" else "both"
        ratios = medians(
            results, setting, ours.replace("runnel", kind), theirs,
            lambda cell, w=workload, c=capacities.split(): cell.workload == w and cell.capacity in c,
        )  # fmt: skip
        target = f"{setting}: {workload}, {kind}, {capacities} at most {bound} of {theirs}"
        verdicts += each_cell(target, ratios, bound)
    return verdicts


def blocked(results, ours):
    verdicts = []
    for cell in results.cells("both"):
        values = cell.workload == "blocked" and results.values("both", cell, ours)
        if values:
            used = summarise(values).median
            target = f"both: a receiver blocked for {duration(cell.interval_ns)} uses under {BLOCKED_MS:g} ms"
            verdicts.append(Verdict(target, used < BLOCKED_MS, f"{used:.2f} ms"))
    return verdicts


def with_assertions(results, ours):
    """Within the noise, as above: the lower quartile of the ratios decides, and is shown."""
    checked = ours.replace("runnel", "assertions")
    verdicts = []
    for setting in results.settings():
        found = [(c.name, results.ratio(setting, c, checked, ours)) for c in throughput(results, setting)]
        ratios = [(name, ratio.low) for name, ratio in found if ratio]
        target = f"{setting}: assertions cost at most {ASSERTIONS_COST} times the time without"
        verdicts += each_cell(target, ratios, ASSERTIONS_COST)
    return verdicts


def judge(results, peers):
    """The verdicts for each of our builds; only on cells that ran."""
    thread_based = [peer.name for peer in peers if peer.is_thread_based]
    return {
        peer.name: [
            *mean_to_crossbeam(results, peer.name),
            *no_slower_than_the_best(results, peer.name, thread_based),
            *ahead_of_go(results, peer.name),
            *near_the_bare_ring(results, peer.name),
            *blocked(results, peer.name),
            *selects(results, peer.name),
            *coroutines(results, peer.name),
            *beside_the_mutex(results, peer.name),
            *with_assertions(results, peer.name),
        ]
        for peer in peers
        if peer.is_ours
    }


def text(verdicts_by_peer):
    lines = ["## Targets, in this run\n"]
    for name, verdicts in verdicts_by_peer.items():
        lines += [f"{name}:\n"] if verdicts else []
        for v in verdicts:
            lines.append(f"- {'holds' if v.holds else 'MISSED'}: {v.target}: {v.numbers}")
        lines += [""] if verdicts else []
    return "\n".join(lines)
