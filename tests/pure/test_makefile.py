"""What `make` does with the interpreter it is given. Programs are shell scripts here, which say who they are and note what they are asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
case "$1 $2" in
    "-c "*version_info*) exit 0 ;;
    "-c "*) echo "{name} (it said \"hello\")" ;;
    "-m venv")
        test "$3" = --clear && rm -rf "$4"
        mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && echo {name} >> "{log}" ;;
esac
"""
CARGO = """#!/bin/sh
case "$1" in
    rustc | clippy) echo "$PYO3_ENVIRONMENT_SIGNATURE" > "{folder}/$1"; exit 1 ;;
    *) PATH="{path}" exec cargo "$@" ;;
esac
"""

pytestmark = pytest.mark.skipif(not (shutil.which("make") and shutil.which("cargo")), reason="make or cargo is missing")


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    return tmp_path / "venv"


def environ() -> dict[str, str]:
    """Ours, without what `make test PYTHON=...` hands down."""
    handed = {"PYTHON", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYO3_ENVIRONMENT_SIGNATURE"}
    return {name: value for name, value in os.environ.items() if name not in handed}


def interpreter(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text(PYTHON.format(name=name, log=folder / "log"))
    path.chmod(0o755)
    return path


def make(venv: Path, *given: str) -> str:
    """Make the virtual environment; what was said on stderr."""
    command = ["make", f"VENV={venv}", *given, f"{venv}/.tools"]
    done = subprocess.run(command, cwd=ROOT, env=environ(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_another_interpreter_makes_the_environment_anew(tmp_path: Path, venv: Path) -> None:
    old, new = interpreter(tmp_path, "old"), interpreter(tmp_path, "new")
    log = tmp_path / "log"
    assert make(venv, f"PYTHON={old}") == ""
    (venv / "kept").touch()
    assert make(venv, f"PYTHON={old}") == ""
    assert make(venv) == ""  # whatever it has is right
    assert log.read_text().split() == ["old"]
    assert (venv / "kept").exists()
    said = make(venv, f"PYTHON={new}")
    assert f"{venv} has old" in said
    assert f"PYTHON={new} is new" in said
    assert log.read_text().split() == ["old", "new"]
    assert not (venv / "kept").exists()
    assert make(venv, f"PYTHON={new}") == ""
    assert log.read_text().split() == ["old", "new"]


def test_an_interpreter_that_is_gone(tmp_path: Path, venv: Path) -> None:
    make(venv, f"PYTHON={interpreter(tmp_path, 'old')}")
    (venv / "bin/python").unlink()
    said = make(venv, f"PYTHON={interpreter(tmp_path, 'new')}")
    assert "has no Python that runs" in said
    assert (tmp_path / "log").read_text().split() == ["old", "new"]


def test_clippy_and_maturin_ask_for_the_same_pyo3(tmp_path: Path) -> None:
    """Or each would compile it anew after the other, and the extension with it."""
    pytest.importorskip("maturin")
    cargo = tmp_path / "cargo"
    cargo.write_text(CARGO.format(folder=tmp_path, path=os.environ["PATH"]))
    cargo.chmod(0o755)
    env = environ() | {"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    steps = ["make", "--dry-run", f"VENV={sys.prefix}", "lint"]
    said = subprocess.run(steps, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    clippy = said.replace("\\\n", " ").splitlines()[-1]
    maturin = f"{sys.executable} -m maturin build --release --interpreter {sys.executable} --out {tmp_path}"
    for command in (["sh", "-c", clippy], maturin.split()):
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)  # this cargo always fails
    assert (tmp_path / "clippy").read_text() == (tmp_path / "rustc").read_text() != "\n"
