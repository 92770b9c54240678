# SPDX-License-Identifier: MIT
"""The raw figures as CSV, and the tables."""

import csv

from .cells import CPU, LATENCY, SETTINGS, THROUGHPUT, cells_of

SETTINGS = {
    "both": "all cores free",
    "pinned": "all threads on one core",
    "many": "16 threads on a side",
}
UNITS = {
    THROUGHPUT: "ns per message (round trip for pingpong)",
    LATENCY: "latency in ns: p50 / p99 / p99.9 / maximum, each the median of the rounds",
    CPU: "CPU time in ms",
}


def write_csv(path, results):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["setting", "cell", "peer", "round", "figure", "value"])
        for (setting, cell), by_peer in results.runs.items():
            for peer, runs in by_peer.items():
                for number, figures in enumerate(runs, 1):
                    for figure, value in figures.items():
                        writer.writerow([setting, cell.name, peer, number, figure, value])


class BadFile(Exception):
    pass


def read_csv(path, results):
    """Adds the runs of a file that write_csv has written, as more rounds."""
    known = {(s, c.name): c for s in SETTINGS for q in (True, False) for c in cells_of(s, q)}
    runs = {}
    try:
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                run = (row["setting"], known[row["setting"], row["cell"]], row["peer"], int(row["round"]))
                runs.setdefault(run, {})[row["figure"]] = float(row["value"])
        if not runs:
            raise ValueError("no runs")
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise BadFile(f"{path}: {error!r}") from error
    for (setting, cell, peer, _), figures in runs.items():
        results.add(setting, cell, peer, figures)


def number(value):
    if value >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def with_spread(summary):
    return f"{number(summary.median)} ({number(summary.low)}–{number(summary.high)})"


def markdown_table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def figures_of(results, setting, cell, peer):
    if not results.values(setting, cell, peer):
        return "–"
    if cell.figure == LATENCY:
        parts = ("p50", "p99", "p99.9", "max")
        return " / ".join(number(results.summary(setting, cell, peer, p).median) for p in parts)
    return with_spread(results.summary(setting, cell, peer))


def figure_table(results, setting, cells, peers):
    rows = [
        [cell.name, *(figures_of(results, setting, cell, peer) for peer in peers)] for cell in cells
    ]
    return markdown_table(["", *peers], rows)


def ratio_table(results, setting, cells, ours, peers):
    def entry(cell, peer):
        ratio = results.ratio(setting, cell, ours, peer)
        return f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})" if ratio else "–"

    rows = [[cell.name, *(entry(cell, peer) for peer in peers)] for cell in cells]
    means = [results.mean_ratio(setting, ours, peer) for peer in peers]
    if cells[0].figure == THROUGHPUT:
        rows.append(["**geometric mean**", *(f"**{m:.2f}**" if m else "–" for m in means)])
    return markdown_table([ours + " to", *peers], rows)


def setting_section(results, setting, peers):
    rounds = results.rounds(setting)
    parts = [f"## {setting}: {SETTINGS[setting]}, {rounds} round{'s' * (rounds > 1)}\n"]
    for figure, unit in UNITS.items():
        cells = [cell for cell in results.cells(setting) if cell.figure == figure]
        if not cells:
            continue
        ran = [p for p in peers if any(results.values(setting, c, p.name) for c in cells)]
        parts += [f"### {unit}\n", figure_table(results, setting, cells, [p.name for p in ran])]
        others = [peer.name for peer in ran if not peer.is_ours]
        for ours in (peer.name for peer in ran if peer.is_ours):
            if others:
                parts.append(ratio_table(results, setting, cells, ours, others))
    return parts


def markdown(results, peers, head):
    parts = ["# Comparison\n", "\n\n".join(head) + "\n"]
    parts.append(
        "Medians of interleaved rounds, quartiles in brackets (blocked: one run). A ratio below 1 means that "
        "ours is faster; it is taken in each round, and the median of the rounds is shown.\n"
    )
    for setting in results.settings():
        parts += setting_section(results, setting, peers)
    return "\n".join(parts)
