# SPDX-License-Identifier: MIT
"""Statistics over the rounds of a comparison."""

import dataclasses
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Summary:
    """The median, and the quartiles as its spread."""

    median: float
    low: float
    high: float


def summarise(values):
    if not values:
        raise ValueError("nothing to summarise")
    if len(values) == 1:
        return Summary(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Summary(median, low, high)


def ratios(ours, theirs):
    """Ratios of the runs of the same round, which met the same state of the machine."""
    if len(ours) != len(theirs):
        raise ValueError("rounds are missing")
    return [a / b if b else math.inf for a, b in zip(ours, theirs)]


def geometric_mean(values):
    if not values:
        raise ValueError("nothing to take the mean of")
    return math.exp(sum(math.log(v) for v in values) / len(values))


class Results:
    """The raw figures: by setting, cell and peer, one for each round."""

    def __init__(self):
        self.runs = {}

    def add(self, setting, cell, peer, figures):
        self.runs.setdefault((setting, cell), {}).setdefault(peer, []).append(figures)

    def settings(self):
        return list(dict.fromkeys(setting for setting, _ in self.runs))

    def rounds(self, setting):
        return max(len(runs) for (s, _), by in self.runs.items() if s == setting for runs in by.values())

    def cells(self, setting):
        return [cell for s, cell in self.runs if s == setting]

    def peers(self, setting, cell):
        return list(self.runs.get((setting, cell), {}))

    def values(self, setting, cell, peer, figure=None):
        runs = self.runs.get((setting, cell), {}).get(peer, [])
        return [run[figure or cell.figure] for run in runs]

    def summary(self, setting, cell, peer, figure=None):
        return summarise(self.values(setting, cell, peer, figure))

    def ratio(self, setting, cell, ours, theirs, figure=None):
        """The median ratio of ours to theirs with its spread; None if one of them did not run."""
        a, b = (self.values(setting, cell, peer, figure) for peer in (ours, theirs))
        return summarise(ratios(a, b)) if a and b else None

    def mean_ratio(self, setting, ours, theirs):
        """The geometric mean over the cells of throughput that both ran, without selects."""
        found = [
            self.ratio(setting, cell, ours, theirs)
            for cell in self.cells(setting)
            if cell.figure == "ns_per_message" and not cell.selects
        ]
        medians = [ratio.median for ratio in found if ratio]
        return geometric_mean(medians) if medians else None
