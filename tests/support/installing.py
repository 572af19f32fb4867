"""This tree as its users have it: the wheel that `pip install .` makes, and environments with nothing else in them.

Cargo finds in its folder what `make build` has compiled, since it is asked for the same thing with the same interpreter.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.support.packages import Missing

ROOT = Path(__file__).parents[2]
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--isolated")
HERE = ("--no-index", "--no-deps", "--no-build-isolation")
"""With this environment's maturin, and without asking anybody."""

INSTALL = "install ferrow"
"""What users tell pip."""


def builder() -> None:
    """Raises Missing, where this tree cannot be built."""
    if not shutil.which("cargo"):
        raise Missing("cargo is MISSING: a wheel cannot be built")
    for module in ("pip", "maturin"):
        if not importlib.util.find_spec(module):
            raise Missing(f"{module} is MISSING from {sys.prefix}: a wheel cannot be built")


def from_source(*arguments: str | Path) -> None:
    """`pip` with these arguments, by the environment of the tests, in which this tree is built."""
    env = os.environ | {"PYO3_PYTHON": sys.executable, "VIRTUAL_ENV": sys.prefix}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    said(sys.executable, *PIP, *arguments, cwd=ROOT, env=env)


def wheel(folder: Path) -> Path:
    """The wheel that pip builds of this tree."""
    from_source("wheel", *HERE, "--wheel-dir", folder, ROOT)
    [built] = folder.iterdir()
    return built


@dataclass(frozen=True)
class Environment:
    """A virtual environment, started far from the repository, where nothing can be compiled: only its own programs are on the PATH."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Environment:
        """A new one with nothing in it, not even pip."""
        venv.create(folder, symlinks=True)
        return cls(folder)

    def python(self, *arguments: str | Path) -> str:
        """What its interpreter prints."""
        return self._said("bin/python", *arguments)

    def pip(self, *arguments: str | Path) -> str:
        """What pip prints, that of the tests, about this environment."""
        return self._said(sys.executable, *PIP, "--python", "bin/python", *arguments)

    def _said(self, *command: str | Path) -> str:
        env = {"PATH": str(self.folder / "bin"), "HOME": str(self.folder)}
        return said(*command, cwd=self.folder, env=env)

    @property
    def packages(self) -> Path:
        [folder] = self.folder.glob("lib/python*/site-packages")
        return folder

    def distribution(self) -> importlib.metadata.Distribution:
        """What the installed package says of itself."""
        [found] = importlib.metadata.distributions(name="ferrow", path=[str(self.packages)])
        return found


def said(*command: str | Path, cwd: Path, env: dict[str, str]) -> str:
    """What a program prints; where it fails, what it complained of is the error."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
