# SPDX-License-Identifier: MIT
"""The chart: for each cell the time of each channel, on a logarithmic scale."""

import sys

from .cells import THROUGHPUT
from .report import SETTINGS

OURS = "#c1121f"
COLOURS = {
    "crossbeam": "#e07b00", "std": "#8a5a00", "flume": "#b08d57", "go": "#00a0b0", "tbb": "#0057b7",
    "moodycamel": "#6a4c93", "mutex": "#555555",
}  # fmt: skip


def style(peer):
    if peer.is_ours:
        filled = peer.name.endswith("gcc")
        return {"marker": "D" if filled else "d", "color": OURS, "s": 46, "zorder": 3}
    if peer.has_assertions:
        return {"marker": "x" if peer.name.endswith("gcc") else "+", "color": OURS, "s": 30, "zorder": 2}
    if peer.is_bare:
        return {"marker": "|", "color": "black", "s": 90, "zorder": 1}
    return {"marker": "o", "color": COLOURS.get(peer.name, "grey"), "s": 22, "zorder": 2}


def draw_setting(axes, results, setting, cells, peers):
    for peer in peers:
        ran = [(i, cell) for i, cell in enumerate(cells) if results.values(setting, cell, peer.name)]
        if ran:
            times = [results.summary(setting, cell, peer.name).median for _, cell in ran]
            axes.scatter(times, [i for i, _ in ran], label=peer.name, **style(peer))
    axes.set_yticks(range(len(cells)), [cell.name for cell in cells])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("ns per message, median (round trip for pingpong); further left is faster")
    axes.set_title(SETTINGS[setting], loc="left")
    axes.grid(axis="both", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def write(path, results, peers):
    """Returns a word on why there is no chart, or nothing."""
    try:
        import matplotlib
    except ImportError:
        return f"no chart: {sys.executable} has no matplotlib (Debian: python3-matplotlib)"
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "runnel"
    matplotlib.rcParams["svg.fonttype"] = "none"  # words, not their outlines: a third of the size
    from matplotlib import pyplot

    panels = [(s, [c for c in results.cells(s) if c.figure == THROUGHPUT]) for s in results.settings()]
    panels = [(setting, cells) for setting, cells in panels if cells]
    if not panels:
        return "no chart: no throughput was measured"
    heights = [len(cells) + 3 for _, cells in panels]
    figure, axes = pyplot.subplots(
        len(panels), 1, squeeze=False, figsize=(9, 0.27 * sum(heights) + 0.6),
        gridspec_kw={"height_ratios": heights}, layout="constrained",
    )  # fmt: skip
    for panel, (setting, cells) in zip(axes.flat, panels):
        draw_setting(panel, results, setting, cells, peers)
    axes.flat[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.08), ncols=5, frameon=False)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return ""
