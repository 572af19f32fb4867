"""Running the programs that build and check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BESIDE = Path(sys.executable).parent


class Failed(Exception):
    """A program that is missing, or that ended with an error; the message has its last words."""


def run(program: str, *arguments: str, cwd: Path | None = None, env: Mapping[str, str | None] | None = None) -> str:
    """What a program of this virtual environment, or else of the machine, prints. A variable that is None is not set."""
    # maturin looks for zig, rustc and cargo on the PATH.
    path = os.pathsep.join([str(BESIDE), os.environ.get("PATH", os.defpath)])
    found = shutil.which(program, path=path)
    if found is None:
        raise Failed(f"{program} is not on the PATH: `make release` installs it, or see CONTRIBUTING.md")
    variables = {**os.environ, "PATH": path, **(env or {})}
    done = subprocess.run(
        [found, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={name: value for name, value in variables.items() if value is not None},
        check=False,
    )
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise Failed(f"{program} {' '.join(arguments)} ended with {done.returncode}:\n{words}")
    return done.stdout
