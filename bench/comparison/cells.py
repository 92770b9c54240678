# SPDX-License-Identifier: MIT
"""What is measured: a cell is a workload with its capacity, size of messages and numbers of threads."""

import dataclasses
import itertools

UNBOUNDED = "unbounded"
SETTINGS = ("both", "pinned", "many")
CAPACITIES = ("0", "1", "1024", UNBOUNDED)
THROUGHPUT, LATENCY, CPU = "ns_per_message", "p50", "cpu_ms"


@dataclasses.dataclass(frozen=True)
class Cell:
    workload: str
    capacity: str
    bytes: int = 8
    senders: int = 1
    receivers: int = 1
    channels: int = 1
    interval_ns: int = 0
    by_reference: bool = False  # else each thread has its handle moved into it

    @property
    def name(self):
        parts = [self.workload]
        if self.senders > 1:
            parts[0] += f"({self.senders}" + (f"x{self.receivers})" if self.receivers > 1 else ")")
        if self.channels > 1:
            parts[0] += f"({self.channels})"
        parts.append(self.capacity)
        if self.bytes != 8:
            parts.append(f"{self.bytes} B")
        if self.interval_ns:
            parts.append(duration(self.interval_ns))
        if self.by_reference:
            parts.append("by reference")
        return " ".join(parts)

    @property
    def selects(self):
        """Whether its threads wait in several channels at once."""
        return "select" in self.workload

    @property
    def awaits(self):
        """Whether coroutines, not threads, are at its ends."""
        return self.workload in ("coroutines", "pool")

    @property
    def figure(self):
        """The figure by which channels are compared."""
        return {"latency": LATENCY, "blocked": CPU, "slow": CPU}.get(self.workload, THROUGHPUT)

    @property
    def arguments(self):
        return [
            f"--workload={self.workload}",
            f"--capacity={self.capacity}",
            f"--bytes={self.bytes}",
            f"--senders={self.senders}",
            f"--receivers={self.receivers}",
            f"--interval-ns={self.interval_ns}",
            *([f"--channels={self.channels}"] if self.channels > 1 else []),
            *(["--handles=by-reference"] if self.by_reference else []),
        ]


def duration(ns):
    for unit, size in (("s", 10**9), ("ms", 10**6), ("us", 10**3)):
        if ns >= size:
            return f"{ns / size:g} {unit}"
    return f"{ns} ns"


def throughput_cells():
    cells = [Cell("seq", c) for c in ("1024", UNBOUNDED)]
    cells += [Cell("spsc", c) for c in CAPACITIES]
    cells += [Cell("mpsc", c, senders=4) for c in CAPACITIES]
    cells += [Cell("mpmc", c, senders=4, receivers=4) for c in CAPACITIES]
    cells += [Cell("pingpong", c) for c in ("0", "1", UNBOUNDED)]
    return cells


def large_cells():
    return [
        Cell(workload, capacity, bytes=size, senders=senders)
        for (workload, senders), size, capacity in itertools.product(
            (("spsc", 1), ("mpsc", 4)), (64, 256), ("1024", UNBOUNDED)
        )
    ]


def reference_cells():
    return [Cell("spsc", c, by_reference=True) for c in CAPACITIES]


def select_cells():
    cells = [Cell("select", c, channels=n) for n in (2, 4) for c in ("1024", UNBOUNDED)]
    cells += [Cell("try_select", c, channels=2) for c in ("1024", UNBOUNDED)]
    cells += [Cell("select_rx", c, senders=4) for c in CAPACITIES]
    return cells + [Cell("select_both", c, senders=4, receivers=4) for c in CAPACITIES[:3]]


def coroutine_cells():
    return [Cell("coroutines", c) for c in CAPACITIES]


def pool_cells():
    return [Cell("pool", c, senders=s, receivers=r) for s, r in ((1, 1), (4, 1), (4, 4)) for c in CAPACITIES]


def latency_cells():
    return [Cell("latency", "1024", interval_ns=ns) for ns in (1_000, 20_000, 1_000_000)]


def idle_cells(quick):
    blocked = 10**9 if quick else 10**10
    return [
        Cell("blocked", "1024", interval_ns=blocked),
        Cell("slow", "1024", interval_ns=1_000_000),
    ]


def crowd_cells():
    cells = [Cell("mpmc", c, senders=16, receivers=16) for c in CAPACITIES]
    return cells + [Cell("mpsc", c, senders=16) for c in CAPACITIES]


def cells_of(setting, quick=False):
    if setting == "many":
        return crowd_cells()
    cells = throughput_cells()
    if setting == "pinned":
        return cells + coroutine_cells()
    cells += select_cells() + pool_cells() + reference_cells() + ([] if quick else large_cells())
    return cells + latency_cells() + idle_cells(quick)
