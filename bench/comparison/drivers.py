# SPDX-License-Identifier: MIT
"""Runs drivers, and judges what they say."""

import dataclasses
import json
import math
import os
import subprocess

from . import cells

UNSUPPORTED = 3
FEWEST, MOST = 1_000, 5_000_000
FIGURES = {
    cells.THROUGHPUT: ("ns_per_message",),
    cells.LATENCY: ("p50", "p99", "p99.9", "max"),
    cells.CPU: ("cpu_ms", "wall_ms"),
}


class DriverError(Exception):
    pass


def read_figures(text, cell):
    """The figures that a driver printed: one JSON object with positive numbers."""
    try:
        figures = json.loads(text)
    except json.JSONDecodeError as error:
        raise DriverError(f"prints no JSON: {text[:200]!r}") from error
    expected = FIGURES[cell.figure]
    if not isinstance(figures, dict) or sorted(figures) != sorted(expected):
        raise DriverError(f"prints {text.strip()[:200]}, not {', '.join(expected)}")
    for name, value in figures.items():
        right = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not right or not math.isfinite(value) or value < 0:
            raise DriverError(f"prints {name} = {value!r}")
    if cell.figure == cells.THROUGHPUT and figures[cells.THROUGHPUT] == 0:
        raise DriverError(f"prints {cells.THROUGHPUT} = 0")
    return figures


def run(peer, cell, messages, pinned=False, limit=20.0):
    """The figures of one run, or None if the peer has no such channel."""
    command = [*peer.command, *cell.arguments, f"--messages={messages}"]
    pin = (lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})) if pinned else None
    where = f"{peer.name}: {cell.name}"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, preexec_fn=pin, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DriverError(f"{where}: no end within {limit:g} s") from error
    except OSError as error:
        raise DriverError(f"{where}: {error}") from error
    if done.returncode == UNSUPPORTED and not peer.is_ours and not peer.has_assertions:
        return None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[:500]
        raise DriverError(f"{where}: exit status {done.returncode}: {said}")
    try:
        return read_figures(done.stdout, cell)
    except DriverError as error:
        raise DriverError(f"{where}: {error}") from error


def messages_for(ns_per_message, cap_ms):
    wanted = cap_ms * 1e6 / max(ns_per_message, 0.1)
    return int(min(max(wanted, FEWEST), MOST))


def try_out(peer, cell):
    """Runs a cell with few messages; whether the peer has such a channel."""
    interval = min(cell.interval_ns, 10**6)
    few = {"blocked": 1, "slow": 3, "latency": 20}.get(cell.workload, 300)
    return run(peer, dataclasses.replace(cell, interval_ns=interval), few) is not None


def calibrate(peer, cell, cap_ms, pinned):
    """How many messages fill the time of one run; None if the peer has no such channel."""
    if cell.workload == "blocked":
        return 1 if try_out(peer, cell) else None
    if cell.interval_ns:  # the interval sets the time
        messages = max(50, int(5 * cap_ms * 1e6 / cell.interval_ns))
        return min(messages, 100_000) if try_out(peer, cell) else None
    messages = FEWEST
    for part in (5, 1):  # a short run is mostly the waking of threads, so a longer one decides
        figures = run(peer, cell, messages, pinned)
        if figures is None:
            return None
        ns_per_message = figures[cells.THROUGHPUT]
        if ns_per_message * messages >= cap_ms / part * 1e6:
            break
        messages = messages_for(ns_per_message, cap_ms / part)
    return messages_for(ns_per_message, cap_ms)
