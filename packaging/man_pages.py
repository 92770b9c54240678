#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pages of the manual, made by help2man from what `runnel --help` and the --help of each command say.

    packaging/man_pages.py PROGRAM DIRECTORY
"""
import datetime
import os
import pathlib
import re
import subprocess
import sys

# Shorter than what mandoc finds too long, with all that help2man adds.
ENVIRONMENT = {**os.environ, "COLUMNS": "70", "LC_ALL": "C"}


def output_of(*command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"man_pages.py: {' '.join(command)}: {done.stderr}")
    return done.stdout


def date():
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    zone = datetime.timezone.utc
    day = datetime.datetime.fromtimestamp(int(seconds), zone) if seconds else datetime.datetime.now(zone)
    return day.strftime("%Y-%m-%d")


def page(program, version, name, others):
    """The page of `runnel`, or of `runnel-check`, say. help2man takes it for a program of one word."""
    called = [program, *name.split("-")[1:]]
    description = " ".join(output_of(*called, "--help").split("\n\n")[0].split())
    about = re.split("[:,]", description)[0]
    text = output_of("help2man", "--no-info", "--no-discard-stderr", f"--version-string={version}",
                     f"--name={about}", " ".join(called))
    text = re.sub(r'^\.TH \S+ "1" "[^"]*"', f'.TH {name.upper()} 1 {date()}', text, flags=re.M)
    text = re.sub(r"^\.SH NAME\n\S+", f".SH NAME\n{name}", text, flags=re.M)
    text = re.sub(r"^\.IP\n((?:runnel .*\n)+)", r".RS\n.nf\n\1.fi\n.RE\n", text, flags=re.M)
    links = ",\n".join(rf".BR \%{other} (1)" for other in others)  # not to be hyphenated
    return text + ".SH SEE ALSO\n" + links.replace("-", r"\-") + "\n"


def main():
    program, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    version = output_of(program, "--version").strip()
    commands = output_of(program, "complete", "").split()
    names = ["runnel", *(f"runnel-{command}" for command in commands)]
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        others = [other for other in names if other != name]
        (directory / f"{name}.1").write_text(page(program, version, name, others))


if __name__ == "__main__":
    main()
