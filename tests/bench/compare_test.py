#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the statistics of bench/compare, that it rejects drivers which are wrong, and its verdicts."""

import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))
from comparison import cells, chart, drivers, figures, machine, peers, report, targets  # noqa: E402

CELL = cells.Cell("spsc", "1024")
GOOD = 'print(\'{"ns_per_message": 7.5}\')'
BLOCKED = cells.Cell("blocked", "1024", interval_ns=10**10)


def fake(code, name="fake"):
    return peers.Peer(name, (sys.executable, "-c", code))


def write_driver(path, script):
    path.write_text(f"#!{sys.executable}\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def pool(*arguments):
    return subprocess.run(
        [BENCH / "compare", "--pool", *arguments], capture_output=True, text=True, check=False
    )


def results_of(figures_by_peer, cell=CELL, setting="both", key="ns_per_message"):
    results = figures.Results()
    for peer, values in figures_by_peer.items():
        for value in values:
            results.add(setting, cell, peer, {key: value})
    return results


class Statistics(unittest.TestCase):
    def test_median_and_quartiles(self):
        self.assertEqual(figures.summarise([5, 1, 4, 2, 3]), figures.Summary(3, 2, 4))

    def test_one_round_has_no_spread(self):
        self.assertEqual(figures.summarise([5]), figures.Summary(5, 5, 5))

    def test_nothing_to_summarise(self):
        self.assertRaises(ValueError, figures.summarise, [])

    def test_ratios_are_taken_within_a_round(self):
        # The machine was three times slower in the last round, for both.
        results = results_of({"runnel-gcc": [10, 10, 30], "crossbeam": [20, 20, 60]})
        self.assertEqual(
            results.ratio("both", CELL, "runnel-gcc", "crossbeam"), figures.Summary(0.5, 0.5, 0.5)
        )

    def test_missing_rounds(self):
        self.assertRaises(ValueError, figures.ratios, [1, 2], [1])

    def test_geometric_mean(self):
        self.assertAlmostEqual(figures.geometric_mean([0.25, 4.0]), 1.0)
        self.assertRaises(ValueError, figures.geometric_mean, [])

    def test_mean_is_over_cells_that_both_ran(self):
        results = results_of({"runnel-gcc": [1], "crossbeam": [4]})
        results.add("both", cells.Cell("spsc", "1"), "runnel-gcc", {"ns_per_message": 9})
        self.assertAlmostEqual(results.mean_ratio("both", "runnel-gcc", "crossbeam"), 0.25)
        self.assertIsNone(results.mean_ratio("pinned", "runnel-gcc", "crossbeam"))

    def test_number_of_messages(self):
        self.assertEqual(drivers.messages_for(10, 60), drivers.MOST)
        self.assertEqual(drivers.messages_for(60_000, 60), drivers.FEWEST)
        self.assertEqual(drivers.messages_for(100, 60), 600_000)


class Drivers(unittest.TestCase):
    def rejected(self, code, why, **how):
        with self.assertRaisesRegex(drivers.DriverError, why):
            drivers.run(fake(code), CELL, 1, **how)

    def test_good(self):
        self.assertEqual(drivers.run(fake(GOOD), CELL, 1), {"ns_per_message": 7.5})

    def test_nonsense(self):
        self.rejected("print('fast')", "fake: spsc 1024: prints no JSON")

    def test_silence(self):
        self.rejected("pass", "prints no JSON")

    def test_other_figures(self):
        self.rejected('print(\'{"cpu_ms": 1, "wall_ms": 1}\')', "not ns_per_message")

    def test_no_object(self):
        self.rejected("print(7)", "not ns_per_message")

    def test_impossible_figures(self):
        for value in ("-1", "NaN", "Infinity", "true", '"7"', "null"):
            self.rejected(f"print('{{\"ns_per_message\": {value}}}')", "ns_per_message = ")

    def test_zero_would_be_free(self):
        self.rejected("print('{\"ns_per_message\": 0}')", "ns_per_message = 0")

    def test_wrong_messages(self):
        self.rejected(f"{GOOD}; import sys; sys.exit('wrong sum')", "exit status 1: wrong sum")

    def test_killed(self):
        self.rejected("import os; os.kill(os.getpid(), 9)", "exit status -9")

    def test_hanging(self):
        self.rejected("import time; time.sleep(60)", "no end within 0.2 s", limit=0.2)

    def test_missing_program(self):
        with self.assertRaisesRegex(drivers.DriverError, "absent: spsc 1024"):
            drivers.run(peers.Peer("absent", ("/nonexistent",)), CELL, 1)

    def test_unsupported(self):
        unsupported = "import sys; sys.exit(3)"
        self.assertIsNone(drivers.run(fake(unsupported), CELL, 1))
        self.assertIsNone(drivers.calibrate(fake(unsupported), CELL, 60, False))

    def test_ours_supports_all(self):
        for ours in ("runnel-gcc", "assertions-gcc"):
            with self.assertRaisesRegex(drivers.DriverError, "exit status 3"):
                drivers.run(fake("import sys; sys.exit(3)", ours), CELL, 1)

    def test_pinned(self):
        code = "import os; print('{\"ns_per_message\": %d}' % len(os.sched_getaffinity(0)))"
        self.assertEqual(drivers.run(fake(code), CELL, 1, pinned=True), {"ns_per_message": 1})


class Crates(unittest.TestCase):
    def test_what_is_not_installed_is_not_asked_for(self):
        manifest = (BENCH / "drivers" / "rust" / "Cargo.toml").read_text(encoding="utf-8")
        left = peers.without_crates(manifest, {"crossbeam", "tokio"})
        self.assertNotRegex(left, r"(?m)^(crossbeam|crossbeam-channel|tokio) =")
        self.assertRegex(left, r"(?m)^flume = \{")
        self.assertRegex(left, r"(?m)^async-channel = \[")
        self.assertEqual(peers.without_crates(manifest, set()), manifest)


class Targets(unittest.TestCase):
    ALL = [fake(GOOD, name) for name in ("runnel-gcc", "crossbeam", "go", "mutex", "bare-gcc")]

    def judged(self, results):
        verdicts = targets.judge(results, self.ALL)["runnel-gcc"]
        return {verdict.target: verdict.holds for verdict in verdicts}

    def expect(self, results, part, holds):
        found = [v for target, v in self.judged(results).items() if part in target]
        self.assertEqual(found, [holds], f"{part}: {self.judged(results)}")

    def test_only_what_ran_is_judged(self):
        self.assertEqual(self.judged(figures.Results()), {})
        self.assertEqual(self.judged(results_of({"runnel-gcc": [1.0]})), {})

    def test_mean_to_crossbeam(self):
        for ours, holds in ((4.0, True), (4.1, False)):
            results = results_of({"runnel-gcc": [ours], "crossbeam": [10.0]})
            self.expect(results, "geometric mean at most 0.4", holds)
        for ours, holds in ((7.0, True), (7.1, False)):
            results = results_of({"runnel-gcc": [ours], "crossbeam": [10.0]}, setting="pinned")
            self.expect(results, "geometric mean at most 0.7", holds)

    def test_best_peer_within_the_noise(self):
        for ours, holds in (([9, 11, 12], True), ([11, 12, 13], False)):
            results = results_of({"runnel-gcc": ours, "crossbeam": [50] * 3, "mutex": [10] * 3})
            self.expect(results, "best thread-based peer", holds)

    def test_go_is_not_thread_based(self):
        results = results_of({"runnel-gcc": [10], "go": [1], "mutex": [10]})
        self.expect(results, "best thread-based peer", True)

    def test_ahead_of_go(self):
        for ours, holds in ((9, True), (10, False)):
            cell = cells.Cell("spsc", "1")
            self.expect(results_of({"runnel-gcc": [ours], "go": [10]}, cell), "Go", holds)
        self.assertEqual(self.judged(results_of({"runnel-gcc": [99], "go": [10]})), {})

    def test_bare_ring(self):
        for workload, capacity in (("spsc", "1024"), ("pingpong", "1")):
            for ours, holds in ((25, True), (26, False)):
                cell = cells.Cell(workload, capacity)
                results = results_of({"runnel-gcc": [ours], "bare-gcc": [10]}, cell)
                self.expect(results, f"{workload}", holds)

    def test_blocked(self):
        for ours, holds in ((0.9, True), (1.0, False)):
            results = results_of({"runnel-gcc": [ours]}, BLOCKED, key="cpu_ms")
            self.expect(results, "blocked for 10 s", holds)

    def test_pinned_to_one_core(self):
        for ours, holds in ((12, True), (12.1, False)):
            results = results_of({"runnel-gcc": [ours], "mutex": [10]}, setting="pinned")
            self.expect(results, "1.2 times the mutex", holds)

    def test_assertions(self):
        for checked, holds in (([11, 12, 12], True), ([12, 12, 13], False)):
            for setting in ("both", "many"):
                results = results_of(
                    {"runnel-gcc": [10, 11, 10], "assertions-gcc": checked}, setting=setting
                )
                self.expect(results, f"{setting}: assertions cost at most 1.1", holds)
        self.assertEqual(self.judged(results_of({"assertions-gcc": [99]})), {})

    def test_selects(self):
        for workload, capacity, at_most in (
            ("select", "1024", 5.0), ("try_select", "1024", 3.5), ("select_rx", "1024", 5.0),
            ("select_rx", "0", 2.5), ("select_both", "0", 5.0),
        ):  # fmt: skip
            cell = cells.Cell(workload, capacity)
            for ours, holds in ((at_most, True), (at_most + 0.1, False)):
                results = results_of({"runnel-gcc": [ours], "crossbeam": [10.0]}, cell)
                self.assertEqual(list(self.judged(results).values()), [holds], cell.name)

    def test_coroutines(self):
        for workload, capacity, setting, ours, theirs, at_most in (
            ("coroutines", "0", "pinned", "runnel-gcc", "go", 12.0),
            ("coroutines", "1", "pinned", "runnel-gcc", "asio", 2.0),
            ("coroutines", "1", "pinned", "local-gcc", "go", 6.0),
            ("coroutines", "0", "pinned", "local-gcc", "asio", 1.0),
            ("pool", "1", "both", "runnel-gcc", "go", 8.0),
            ("pool", "1", "both", "runnel-gcc", "tokio", 5.0),
            ("pool", "1024", "both", "runnel-gcc", "tokio", 5.0),
            ("pool", "unbounded", "both", "runnel-gcc", "asio", 2.0),
        ):  # fmt: skip
            cell = cells.Cell(workload, capacity)
            for took, holds in ((at_most, True), (at_most + 0.1, False)):
                results = results_of({ours: [took], theirs: [10.0]}, cell, setting)
                self.assertEqual(list(self.judged(results).values()), [holds], f"{ours} {cell.name} {theirs}")

    def test_latency(self):
        cell = cells.Cell("latency", "1024", interval_ns=1000)
        for ours, holds in ((20, True), (21, False)):
            results = results_of({"runnel-gcc": [ours], "mutex": [10]}, cell, key="p50")
            self.expect(results, "p50", holds)


class Reports(unittest.TestCase):
    def test_busy_machine(self):
        self.assertIn("busy: 50%", machine.load_warning(0.5, 3.0))
        self.assertEqual(machine.load_warning(0.01, 3.0), "")

    def test_raw_figures(self):
        results = results_of({"runnel-gcc": [1.5, 2.5]})
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "results.csv"
            report.write_csv(path, results)
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        self.assertEqual(rows[0], ["setting", "cell", "peer", "round", "figure", "value"])
        self.assertEqual(rows[2], ["both", "spsc 1024", "runnel-gcc", "2", "ns_per_message", "2.5"])

    def test_runs_together(self):
        with tempfile.TemporaryDirectory() as directory:
            paths = [pathlib.Path(directory) / name for name in ("a.csv", "b.csv")]
            report.write_csv(paths[0], results_of({"runnel-gcc": [1, 2], "crossbeam": [4, 4]}))
            report.write_csv(paths[1], results_of({"runnel-gcc": [3], "crossbeam": [4]}))
            done = pool(*paths, "--output", directory)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 rounds", done.stdout)
        self.assertIn("| spsc 1024 | 2 (1.5–2.5) | 4 (4–4) |", done.stdout)
        self.assertIn("| spsc 1024 | 0.50 (0.38–0.62) |", done.stdout)

    def test_runs_that_do_not_belong_together(self):
        ours, theirs = {"runnel-gcc": [1]}, {"runnel-gcc": [1], "crossbeam": [4]}
        with tempfile.TemporaryDirectory() as directory:
            paths = [pathlib.Path(directory) / name for name in ("a.csv", "b.csv", "c.csv")]
            report.write_csv(paths[0], results_of(theirs))
            report.write_csv(paths[1], results_of(ours))
            report.write_csv(paths[2], results_of(theirs, cells.Cell("spsc", "1")))
            for other in paths[1:]:
                done = pool(paths[0], other, "--output", directory)
                self.assertEqual(done.returncode, 1, other)
                self.assertIn(f"{other}: not the cells and peers of", done.stderr)

    def test_files_without_runs(self):
        head = "setting,cell,peer,round,figure,value"
        for text in ("", head, "a,b", f"{head}\nboth,no such cell,go,1,ns_per_message,1",
                     f"{head}\nboth,spsc 1,go,1,ns_per_message,fast", f"{head}\nboth,spsc 1"):  # fmt: skip
            with tempfile.TemporaryDirectory() as directory:
                path = pathlib.Path(directory) / "runs.csv"
                path.write_text(text, encoding="utf-8")
                done = pool(path, "--output", directory)
                written = [p for p in pathlib.Path(directory).iterdir() if p != path]
            self.assertEqual(done.returncode, 1, text)
            self.assertIn("runs.csv", done.stderr)
            self.assertEqual(written, [])
        self.assertEqual(pool("no-such-file.csv").returncode, 1)

    def test_tables(self):
        ours, theirs = fake(GOOD, "runnel-gcc"), fake(GOOD, "crossbeam")
        results = results_of({ours.name: [1, 2, 3], theirs.name: [4, 8, 12]})
        text = report.markdown(results, [ours, theirs], ["a machine"])
        self.assertIn("## both: all cores free, 3 rounds", text)
        self.assertIn("| spsc 1024 | 2 (1.5–2.5) | 8 (6–10) |", text)
        self.assertIn("| spsc 1024 | 0.25 (0.25–0.25) |", text)
        self.assertIn("| **geometric mean** | **0.25** |", text)

    def test_chart(self):
        ours = fake(GOOD, "runnel-gcc")
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "chart.svg"
            said = chart.write(path, results_of({ours.name: [1]}), [ours])
            if said:
                self.assertIn("no matplotlib", said)
                self.assertFalse(path.exists())
            else:
                root = xml.etree.ElementTree.parse(path).getroot()
                self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")

    def test_no_chart_of_nothing(self):
        self.assertIn("no chart", chart.write("unused", figures.Results(), []))

    def test_handles_by_reference(self):
        by_reference = [c for c in cells.cells_of("both") if c.by_reference]
        self.assertEqual(
            [c.name for c in by_reference],
            [f"spsc {capacity} by reference" for capacity in cells.CAPACITIES],
        )
        for cell in cells.cells_of("both"):
            self.assertEqual("--handles=by-reference" in cell.arguments, cell.by_reference, cell.name)

    def test_names_of_cells_are_unique(self):
        for setting in ("both", "pinned", "many"):
            names = [cell.name for cell in cells.cells_of(setting)]
            self.assertEqual(len(names), len(set(names)))


class Command(unittest.TestCase):
    """The command itself, with drivers that are scripts."""

    def compare(self, script, *arguments, mutex=None):
        with tempfile.TemporaryDirectory() as directory:
            write_driver(pathlib.Path(directory) / "bench_runnel", script)
            if mutex:
                write_driver(pathlib.Path(directory) / "bench_mutex", mutex)
            peers_there = "runnel-gcc,mutex" if mutex else "runnel-gcc"
            done = subprocess.run(
                [BENCH / "compare", "--built", f"gcc={directory}", "--build-dir", directory,
                 "--only", "spsc 1024", "--setting", "both", "--peers", peers_there, *arguments],
                capture_output=True, text=True, check=False, 
            )  # fmt: skip
            written = {path.name for path in (pathlib.Path(directory) / "results").glob("*")}
            return done, written

    def test_good(self):
        done, written = self.compare(GOOD, "--rounds", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual({"results.csv", "results.md"}, written)
        self.assertIn("| spsc 1024 | 7.5 (7.5–7.5) |", done.stdout)

    def test_one_more_driver(self):
        with tempfile.TemporaryDirectory() as directory:
            before = write_driver(pathlib.Path(directory) / "before", GOOD.replace("7.5", "15"))
            done, _ = self.compare(GOOD, "--rounds=2", f"--also=before={before}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| runnel-gcc to | before |", done.stdout)
        self.assertIn("| spsc 1024 | 0.50 (0.50–0.50) |", done.stdout)
        self.assertNotIn("best thread-based peer", done.stdout)

    def test_assertions_and_handles_by_reference(self):
        by_reference = "('--handles=by-reference' in __import__('sys').argv)"
        script = f"print('{{\"ns_per_message\": %d}}' % (2 + {by_reference}))"
        with tempfile.TemporaryDirectory() as directory:
            for name, ns in (("runnel", 2), ("assertions", 6)):
                write_driver(
                    pathlib.Path(directory) / f"bench_{name}", script.replace("2 +", f"{ns} +")
                )
            done = subprocess.run(
                [BENCH / "compare", "--built", f"gcc={directory}", "--build-dir", directory,
                 "--only", "spsc 1024*", "--setting", "both", "--rounds", "2", "--peers",
                 "runnel-gcc,assertions-gcc"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| spsc 1024 | 2 (2–2) | 6 (6–6) |", done.stdout)
        self.assertIn("| spsc 1024 by reference | 3 (3–3) | 7 (7–7) |", done.stdout)
        self.assertIn("| runnel-gcc to | assertions-gcc |", done.stdout)
        self.assertIn("MISSED: both: assertions cost at most 1.1 times", done.stdout)

    def test_missed_targets_fail_a_strict_run(self):
        for mutex_ns, status in (("8", 0), ("7", 1)):
            slower_or_not = GOOD.replace("7.5", mutex_ns)
            done, written = self.compare(GOOD, "--rounds=1", "--strict", mutex=slower_or_not)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn("results.md", written)
            done, _ = self.compare(GOOD, "--rounds=1", mutex=slower_or_not)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_bad_drivers_reach_the_exit_status(self):
        for script in ("print('fast')", "raise SystemExit(1)", "raise SystemExit(3)"):
            for how in ("--rounds=2", "--smoke"):
                done, written = self.compare(script, how)
                self.assertEqual(done.returncode, 1, script)
                self.assertIn("runnel-gcc: spsc 1024", done.stderr)
                self.assertEqual(written, set())

    def test_required_peer(self):
        done, _ = self.compare(GOOD, "--smoke", "--require", "runnel-gcc,tbb")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no such peer here: tbb", done.stderr)

    def test_nothing_selected(self):
        done, _ = self.compare(GOOD, "--only", "no such cell")
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
