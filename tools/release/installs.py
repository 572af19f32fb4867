"""Installing a file of a release where nothing else is, and using it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from release.programs import run

USE = Path(__file__).parent / "use.py"


class Broken(Exception):
    """What was installed does not work; the message says of which file."""


def install(python: str, archive: Path) -> None:
    """Install it with `python` in an environment of its own, in a folder of its own, and use it there."""
    with tempfile.TemporaryDirectory(prefix="ferrow-release-") as folder:
        home = Path(folder)
        run(python, "-m", "venv", str(home / "venv"))
        there = str(home / "venv/bin/python")
        target = str(home / "target")
        clean = {"PYTHONPATH": None, "VIRTUAL_ENV": None, "PYO3_PYTHON": None, "CARGO_TARGET_DIR": target}
        run(there, "-m", "pip", "install", "--quiet", str(archive), cwd=home, env=clean)
        said = run(there, "-I", str(USE), cwd=home, env=clean).strip()
        if said not in archive.name:
            raise Broken(f"{archive.name} installs version {said}")
