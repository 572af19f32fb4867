"""What has happened since the last run: stored rows beside installed packages. Nothing of Ferrow in this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from installed.packages import Package


@dataclass(frozen=True)
class Changes:
    kept: int
    new: list[Package]
    changed: list[tuple[Any, Package]]
    """The stored row, and what it has to become."""
    gone: list[Any]
    """Stored rows of what is no longer installed."""

    @property
    def rows(self) -> int:
        """How many rows will be written."""
        packages = [*self.new, *[package for _, package in self.changed]]
        return sum(1 + len(package.requirements) + len(package.files) for package in packages)


def compare(stored: Sequence[Any], packages: Sequence[Package]) -> Changes:
    """`stored` are rows with `name` and `fingerprint`, of whichever class."""
    before = {row.name: row for row in stored}
    now = {package.name for package in packages}
    known = [(before[package.name], package) for package in packages if package.name in before]
    changed = [(row, package) for row, package in known if row.fingerprint != package.fingerprint]
    return Changes(
        kept=len(known) - len(changed),
        new=[package for package in packages if package.name not in before],
        changed=changed,
        gone=[row for row in stored if row.name not in now],
    )
