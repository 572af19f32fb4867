"""Unpacked packages, kept between test runs."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from ferrow.testing.postgres.places import data_home
from tests.support.packages.apt import Apt
from tests.support.packages.missing import Missing

LOADER = "ld-linux-*.so.*"


def unpacked(program: str, *, release: str | None = None, package: Callable[[Apt], str] | None = None) -> Path:
    """The folder of a package with the libraries it needs. Of another release than ours the C library is with them.

    `package` finds the name of the package if it is not that of the program.
    """
    kept = data_home("packages") / f"{release or own_release()}-{platform.machine()}-{program}"
    if kept.exists():
        return kept
    kept.parent.mkdir(exist_ok=True, parents=True)
    with kept.with_name(f".{kept.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of this test run, or of another, may be fetching it
        if not kept.exists():
            _fetch(program, kept, release, package)
    return kept


def _fetch(program: str, kept: Path, release: str | None, package: Callable[[Apt], str] | None) -> None:
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=kept.parent))
    try:
        found, aside = building / "found", building / "apt"
        aside.mkdir()
        apt = Apt(aside, release)
        apt.unpack(package(apt) if package else program, found)
        for folder in (found, *(path for path in found.rglob("*") if path.is_dir() and not path.is_symlink())):
            folder.chmod(0o755)  # the server's user is not us
        found.rename(kept)
    except Missing as missing:
        raise Missing(
            f"{program}{f' of {release}' if release else ''} is MISSING, and cannot be fetched: {missing}"
        ) from missing
    finally:
        shutil.rmtree(building, ignore_errors=True)


def own_release() -> str:
    try:
        found = platform.freedesktop_os_release()
    except OSError:
        return platform.system().lower()
    return f"{found['ID']}-{found.get('VERSION_ID', 'rolling')}"


def starter(root: Path, program: Path) -> Path:
    """A script that starts an unpacked program with the libraries that were unpacked with it."""
    folders = sorted(
        {str(library.parent) for library in root.glob("**/lib/**/*.so.*") if "postgresql" not in library.parts}
    )
    path = ":".join(folders)
    loader = next((found for found in sorted(root.rglob(LOADER)) if found.is_file()), None)
    if loader is not None:
        line = f'exec "{loader}" --library-path "{path}" "{program}" "$@"'
    else:
        line = f'LD_LIBRARY_PATH="{path}" exec "{program}" "$@"'
    script = root / "bin" / program.name
    script.parent.mkdir(exist_ok=True)
    building = script.with_name(f".{program.name}-{os.getpid()}")
    building.write_text(f"#!/bin/sh\n{line}\n")
    building.chmod(0o755)
    building.rename(script)
    return script
