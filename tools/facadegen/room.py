"""What the manifest says about one room, and the error for what cannot be translated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


class FacadeError(Exception):
    """A member of an async class has no sync translation; the message names it and the way out."""


@dataclass(frozen=True)
class Room:
    package: str
    classes: dict[str, dict[str, str]]
    """Source module -> {async class: sync class}."""
    mixins: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Sync class -> (module, class) with members that only the sync twin has, or that do not wait, so that both derive from it;
    needs `__slots__ = ()`. A generic one is named with its variable, `FastPath[M]`."""
    parts: frozenset[str] = frozenset()
    """Sync classes that only serve as bases: without the place of the core object, so that a class may derive from several."""

    @property
    def module(self) -> str:
        return f"{self.package}._sync"

    def output(self, root: Path) -> Path:
        return module_path(root, self.package).with_name("_sync.py")


def module_path(root: Path, module: str) -> Path:
    """The file of `module` (of its `__init__` for a package) below `root`."""
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@dataclass(frozen=True)
class Twin:
    """One pair of classes."""

    source: str
    core: str
    face: str
    room: Room


def twins(rooms: list[Room], own: Room | None = None) -> dict[str, Twin]:
    """Every async class of the manifest by its name. Where two rooms use one name, that of the room's `own` class is meant, else the first."""
    found: dict[str, Twin] = {}
    for room in sorted(rooms, key=lambda room: room is not own):
        for source, pairs in room.classes.items():
            for core, face in pairs.items():
                if core in found and found[core].room is room:
                    raise FacadeError(f"{core} is listed twice: in {found[core].source} and in {source}")
                found.setdefault(core, Twin(source, core, face, room))
    return found


def meant(known: dict[str, Twin], names: dict[str, tuple[str, str | None]]) -> dict[str, Twin]:
    """The twins whose names mean them in a source file, where `names` come from: it may have a class of its own of that name."""

    def elsewhere(twin: Twin, name: str) -> bool:
        origin = names.get(name, ("", None))[0]
        packages = ("", twin.room.package.partition(".")[0], twin.room.package)
        return origin not in packages and not origin.startswith(f"{twin.room.package}.")

    return {
        name: twin for name, twin in known.items() if not (elsewhere(twin, twin.core) or elsewhere(twin, twin.face))
    }
