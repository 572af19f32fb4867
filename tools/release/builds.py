"""The files of a release."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from release.programs import Failed, run

ROOT = Path(__file__).resolve().parents[2]


def build(dist: Path, platform: str, pythons: Sequence[str]) -> tuple[Path, dict[str, Path]]:
    """The source distribution, and the wheel of each interpreter."""
    run("maturin", "sdist", "--out", str(dist), cwd=ROOT)
    wheels: dict[str, Path] = {}
    for python in pythons:
        # Zig links to the functions of an older glibc than this machine's.
        command = ["build", "--release", "--locked", "--zig", "--compatibility", platform, "--interpreter", python]
        run("maturin", *command, "--out", str(dist), cwd=ROOT, env={"PYO3_PYTHON": python})
        [wheels[python]] = {*dist.glob("*.whl")} - {*wheels.values()} or {_none(python)}
    [sdist] = dist.glob("*.tar.gz")
    return sdist, wheels


def _none(python: str) -> Path:
    raise Failed(f"{python} gave no wheel of its own: is it named twice?")
