"""What must be in the files of a release, and what must not."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Iterable
from math import inf
from pathlib import Path

from release.builds import ROOT
from release.programs import run

LICENCES = ("LICENSE", "THIRD-PARTY-LICENSES.txt")
SOURCES = (
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "pyproject.toml",
    ".cargo/config.toml",
    "crates/pgwire/Cargo.toml",
    "crates/pycore/Cargo.toml",
    "docs/index.md",
)
"""Besides the licences and the package: what the build reads, and what the README leads to."""


class Incomplete(Exception):
    """A file that is missing, or too many; the message names it and where."""


def check_wheel(wheel: Path, platform: str) -> None:
    """It has the package, its types, one extension and the licences, and runs where its name says."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    ends = [re.sub(r"^ferrow-[^/]*\.dist-info/licenses/", "", name) for name in names]
    _has(wheel, ends, [*LICENCES, *_package()])
    extensions = [name for name in names if name.endswith(".so")]
    if len(extensions) != 1:
        raise Incomplete(f"{wheel.name} has {len(extensions)} extension modules, not one: {', '.join(extensions)}")
    others = {name.split("/")[0] for name in names if not re.match(r"ferrow(-[^/]*\.dist-info)?/", name)}
    if others:
        raise Incomplete(f"{wheel.name} would install {', '.join(sorted(others))} beside ferrow")
    if _glibc(run("auditwheel", "show", str(wheel))) > _glibc(platform):
        raise Incomplete(f"{wheel.name} needs a newer glibc than {platform}: `auditwheel show` says which")


def check_sdist(sdist: Path) -> None:
    """It has all that is needed to build a wheel."""
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    package = [f"python/{name}" for name in _package()]
    rust = [str(path.relative_to(ROOT)) for path in ROOT.glob("crates/*/src/**/*.rs")]
    _has(sdist, names, [*LICENCES, *SOURCES, *package, *rust])
    compiled = [name for name in names if re.search(r"\.(so|pyc|pyd)$|^target/", name)]
    if compiled:
        raise Incomplete(f"{sdist.name} has {compiled[0]}, which is no source")


def _glibc(said: str) -> tuple[float, float]:
    """Of the first `manylinux_2_28` in a text; without one a wheel is for this machine alone."""
    found = re.search(r"consistent with.*?manylinux_(\d+)_(\d+)|^manylinux_(\d+)_(\d+)", said, re.DOTALL)
    major, minor = [part for part in found.groups() if part] if found else (inf, inf)
    return float(major), float(minor)


def _package() -> Iterable[str]:
    """The files of the Python package, as a wheel calls them."""
    home = ROOT / "python"
    return [str(path.relative_to(home)) for path in home.rglob("*") if path.suffix in {".py", ".pyi", ".typed"}]


def _has(archive: Path, names: Iterable[str], wanted: Iterable[str]) -> None:
    missing = sorted({*wanted} - {*names})
    if missing:
        raise Incomplete(f"{archive.name} lacks {', '.join(missing[:10])}")
