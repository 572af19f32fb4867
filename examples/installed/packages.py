"""The Python distributions that are installed here, read from their metadata. Nothing of Ferrow in this file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Needed:
    needs: str
    """The name of the distribution that is asked for; it need not be installed."""
    text: str
    optional: bool
    """Whether it is only needed for one of the extras."""


@dataclass(frozen=True)
class Listed:
    path: str
    type: str
    size: int | None
    """Bytes; not every entry says it."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    summary: str | None
    requirements: tuple[Needed, ...] = field(repr=False)
    files: tuple[Listed, ...] = field(repr=False)
    fingerprint: str
    """Changes when anything of the package does."""

    @property
    def size(self) -> int:
        return sum(file.size or 0 for file in self.files)

    def facts(self) -> dict[str, str | int | None]:
        """The columns of its own row."""
        return {
            "name": self.name,
            "version": self.version,
            "summary": self.summary,
            "size": self.size,
            "file_count": len(self.files),
            "fingerprint": self.fingerprint,
        }


def installed() -> list[Package]:
    """All of them by name. Of several with the same name the first on the path counts, as for `import`."""
    found: dict[str, Package] = {}
    for distribution in distributions():
        name = distribution.metadata.json.get("name")
        if isinstance(name, str) and (known := normal(name)) not in found:  # a half-removed package has no name
            found[known] = _package(known, distribution)
    return [found[name] for name in sorted(found)]


def normal(name: str) -> str:
    """One spelling for all: `Typing_Extensions` -> `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(name: str, distribution: Distribution) -> Package:
    summary = distribution.metadata.json.get("summary")
    return package(
        name,
        distribution.version or "unknown",
        summary if isinstance(summary, str) and summary != "UNKNOWN" else None,
        tuple(_requirements(distribution)),
        tuple(_files(distribution)),
    )


def package(
    name: str, version: str, summary: str | None, requirements: tuple[Needed, ...], files: tuple[Listed, ...]
) -> Package:
    """A package with its fingerprint."""
    facts = repr((version, summary, requirements, files))
    return Package(name, version, summary, requirements, files, hashlib.sha256(facts.encode()).hexdigest())


def _requirements(distribution: Distribution) -> Iterator[Needed]:
    for text in distribution.requires or ():
        name = re.match(r"[\w.-]+", text)
        if name:
            marker = text.partition(";")[2]
            yield Needed(needs=normal(name[0]), text=text, optional=re.search(r"\bextra\b", marker) is not None)


def _files(distribution: Distribution) -> Iterator[Listed]:
    for file in distribution.files or ():
        path = PurePosixPath(file)
        yield Listed(path=str(path), type=path.suffix.lower() or "(none)", size=file.size)
