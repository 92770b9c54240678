# SPDX-License-Identifier: MIT
"""The channels that are compared, and how their drivers are built."""

import dataclasses
import pathlib
import shutil
import subprocess

BENCH = pathlib.Path(__file__).resolve().parent.parent
DRIVERS = BENCH / "drivers"
COMPILERS = {"gcc": "g++", "clang": "clang++-19"}
# Each compiler builds ours, without and with assertions, and the bare ring; the first one that is there
# builds the other peers in C++.
OURS, ASSERTIONS, LOCAL, BARE = "runnel", "assertions", "local", "bare"
OF_EACH_COMPILER = (OURS, ASSERTIONS, LOCAL, BARE)
OTHER_CPP = ("mutex", "tbb", "moodycamel", "asio")
THREAD_BASED = ("crossbeam", "std", "flume", "tbb", "moodycamel", "mutex")
# Where Debian's packages put the sources of crates.
CRATES = pathlib.Path("/usr/share/cargo/registry")
CRATE_OF = {"crossbeam": "crossbeam-channel", "flume": "flume", "tokio": "tokio", "async-channel": "async-channel"}
# Only between coroutines.
ASYNC_BASED = ("tokio", "async-channel", "asio")
ORDER = (
    *(f"{name}-{compiler}" for name in (OURS, ASSERTIONS, LOCAL) for compiler in COMPILERS),
    *THREAD_BASED, *ASYNC_BASED, "go", *(f"{BARE}-{compiler}" for compiler in COMPILERS),
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    command: tuple

    @property
    def is_ours(self):
        return self.name.startswith(OURS)

    @property
    def has_assertions(self):
        return self.name.startswith(ASSERTIONS)

    @property
    def is_bare(self):
        return self.name.startswith(BARE)

    @property
    def is_thread_based(self):
        return self.name in THREAD_BASED


class BuildError(Exception):
    pass


def run(command, directory, log):
    """Runs one step of a build; what it prints goes to the log."""
    with open(log, "ab") as output:
        done = subprocess.run(command, cwd=directory, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        tail = log.read_text(errors="replace").splitlines()[-30:]
        raise BuildError("\n".join([f"failed: {' '.join(map(str, command))}", *tail]))


def configure_and_build(compiler, build_dir, log):
    off = [f"-DRUNNEL_BUILD_{part}=OFF" for part in ("TESTS", "TOOLS", "EXAMPLES", "MODEL")]
    run(
        ["cmake", "-G", "Ninja", "-S", BENCH.parent, "-B", build_dir, "-DCMAKE_BUILD_TYPE=Release",
         f"-DCMAKE_CXX_COMPILER={COMPILERS[compiler]}", "-DRUNNEL_BUILD_BENCH=ON", *off],
        BENCH, log,
    )  # fmt: skip
    run(["cmake", "--build", build_dir, "--target", "bench_drivers"], BENCH, log)
    return build_dir / "bench"


def cpp_peers(directories):
    """The drivers in these directories, one for each compiler."""
    peers = []
    for i, (compiler, directory) in enumerate(directories.items()):
        found = {name: directory / f"bench_{name}" for name in (*OF_EACH_COMPILER, *OTHER_CPP)}
        for name, path in found.items():
            if not path.exists():
                continue
            if name in OF_EACH_COMPILER:
                peers.append(Peer(f"{name}-{compiler}", (str(path),)))
            elif i == 0:
                peers.append(Peer(name, (str(path),)))
    return peers


def without_crates(manifest, peers):
    """Cargo resolves optional dependencies, too: without the lines of those that are not installed."""
    gone = {name for peer in peers for name in (peer, CRATE_OF[peer])}
    return "".join(line for line in manifest.splitlines(True) if line.partition(" = ")[0] not in gone)


def rust_peers(build_dir, log):
    installed = {crate for crate in CRATE_OF.values() if any(CRATES.glob(f"{crate}-[0-9]*"))}
    crates = [
        peer for peer, crate in CRATE_OF.items()
        if crate in installed and (peer != "async-channel" or "tokio" in installed)
    ]  # fmt: skip
    project = build_dir / "rust"
    shutil.copytree(DRIVERS / "rust", project, dirs_exist_ok=True)
    (project / ".cargo").mkdir(exist_ok=True)
    (project / ".cargo" / "config.toml").write_text(
        f'[source.crates-io]\nreplace-with = "installed"\n[source.installed]\ndirectory = "{CRATES}"\n'
    )
    manifest = project / "Cargo.toml"
    manifest.write_text(without_crates(manifest.read_text(), set(CRATE_OF) - set(crates)))
    target = project / "target"
    run(
        ["cargo", "build", "--release", "--offline", "--target-dir", target, "--features",
         ",".join(crates)],
        project, log,
    )  # fmt: skip
    driver = str(target / "release" / "bench-rust")
    return [Peer(name, (driver, f"--peer={name}")) for name in ("std", *crates)]


def go_peers(build_dir, log):
    driver = build_dir / "go" / "bench_go"
    run(["go", "build", "-o", driver, "."], DRIVERS / "go", log)
    return [Peer("go", (str(driver),))]


def is_wanted(name, wanted):
    return not wanted or name in wanted


def cpp_directories(build_dir, built, wanted, log, say):
    """Builds with each compiler that is there; nothing where `built` names what is there already."""
    if built:
        return dict(built)
    directories = {}
    for compiler, command in COMPILERS.items():
        own = any(is_wanted(f"{name}-{compiler}", wanted) for name in OF_EACH_COMPILER)
        others = not directories and any(is_wanted(name, wanted) for name in OTHER_CPP)
        if not shutil.which(command):
            say(f"{command} is not installed: skipped")
        elif own or others:
            directories[compiler] = configure_and_build(compiler, build_dir / compiler, log)
    return directories


def build_all(build_dir, built, wanted, say):
    """Builds the wanted peers (all, if none is named) that there are tools for. `built` names
    directories with C++ drivers that are there already."""
    build_dir.mkdir(parents=True, exist_ok=True)
    log = build_dir / "build.log"
    log.unlink(missing_ok=True)
    directories = cpp_directories(build_dir, built, wanted, log, say)
    found = cpp_peers(directories)
    for tool, names, build in (
        ("cargo", ("std", *CRATE_OF), rust_peers),
        ("go", ("go",), go_peers),
    ):
        if shutil.which(tool) and any(is_wanted(name, wanted) for name in names):
            found += build(build_dir, log)
    found = [peer for peer in found if is_wanted(peer.name, wanted)]
    names = {peer.name for peer in found}
    for name in ORDER:
        compiler = name.partition("-")[2]
        if is_wanted(name, wanted) and name not in names and compiler not in COMPILERS:
            say(f"{name} is not installed: skipped")
    return sorted(found, key=lambda peer: ORDER.index(peer.name))
