# SPDX-License-Identifier: MIT
"""What the machine is, and whether it is busy."""

import os
import pathlib
import shutil
import subprocess
import time

BUSY_SHARE = 0.05


def processor_times():
    """The busy and the whole time of all processors, in ticks."""
    with open("/proc/stat", encoding="ascii") as stat:
        ticks = [int(word) for word in stat.readline().split()[1:9]]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, sum(ticks)


def busy_share(seconds=1.0):
    busy, whole = processor_times()
    time.sleep(seconds)
    busy_after, whole_after = processor_times()
    return (busy_after - busy) / max(whole_after - whole, 1)


def load_warning(share, load):
    """A warning if others use the machine, or nothing. The load average may be left from the past."""
    if share <= BUSY_SHARE:
        return ""
    return (
        f"the machine is busy: {share:.0%} of it was in use during one second before the start "
        f"(load average {load:.2f}); figures of such a run prove nothing"
    )


def look_at_load():
    return load_warning(busy_share(), os.getloadavg()[0])


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown processor"


def version(*command):
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def description():
    tools = (
        version("g++", "--version"),
        version("clang++-19", "--version"),
        version("rustc", "--version"),
        version("go", "version"),
    )
    system = os.uname()
    head = f"{processor()}, {len(os.sched_getaffinity(0))} cores, {system.sysname} {system.release}"
    return "; ".join([head, *(tool for tool in tools if tool)])
