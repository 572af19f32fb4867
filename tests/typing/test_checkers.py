"""mypy --strict and basedpyright, each run once: silent about ok_*.py, and about bad_*.py exactly where it says `# E`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIGHT = sorted(HERE.glob("ok_*.py"))
WRONG = sorted(HERE.glob("bad_*.py"))

Complaints = dict[str, dict[int, str]]  # file name -> line -> first message

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@cache
def mypy() -> Complaints:
    command = [sys.executable, "-m", "mypy", "--strict", "--show-absolute-path", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--config-file", HERE / "mypy.ini", *RIGHT, *WRONG],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: Complaints = {}
    for path, line, message in re.findall(r"^(.+?):(\d+): error: (.*)$", done.stdout, re.MULTILINE):
        found.setdefault(Path(path).name, {}).setdefault(int(line), message)
    return found


@cache
def basedpyright() -> Complaints:
    program = Path(sys.executable).parent / "basedpyright"
    done = subprocess.run(
        [program, "--outputjson", "--level", "error", "-p", HERE / "pyrightconfig.json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: Complaints = {}
    for item in json.loads(done.stdout)["generalDiagnostics"]:
        line = item["range"]["start"]["line"] + 1
        found.setdefault(Path(item["file"]).name, {}).setdefault(line, item["message"])
    return found


@pytest.mark.parametrize("checker", [mypy, basedpyright])
@pytest.mark.parametrize("file", [*RIGHT, *WRONG], ids=lambda file: file.stem)
def test_complaints_are_where_the_file_says(checker: Callable[[], Complaints], file: Path) -> None:
    lines = file.read_text().splitlines()
    expected = {number for number, line in enumerate(lines, 1) if line.endswith("# E")}
    assert bool(expected) is file.name.startswith("bad_")
    found = checker().get(file.name, {})

    missed = [f"{number}: {lines[number - 1]}" for number in sorted(expected - found.keys())]
    surprising = [f"{number}: {lines[number - 1]}  -> {found[number]}" for number in sorted(found.keys() - expected)]

    assert (missed, surprising) == ([], [])


@pytest.mark.parametrize("checker", [mypy, basedpyright])
def test_both_checkers_look_at_the_package(checker: Callable[[], Complaints]) -> None:
    assert checker().keys() <= {path.name for path in (*RIGHT, *WRONG)}
