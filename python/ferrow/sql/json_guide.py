"""What a document is known to be: the model layer's knowledge, as far as paths ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ferrow.sql.json_steps import step

if TYPE_CHECKING:
    from ferrow.sql.json_path import JsonPath
    from ferrow.sql.json_steps import Step


class Guide(Protocol):
    """The Python type of a document or of a part of it."""

    decode: Callable[[Any], Any] | None
    """What makes the part's Python value of a plain one (never None); None if it is it already. One object per type."""

    decimal: bool
    """Whether its values are Decimals, which documents keep as texts."""

    def encoded(self, value: Any) -> Any:
        """Return a value (never None) as the document has it. Raises TypeError for one of another type."""
        ...

    def kept(self, value: Any) -> Any:
        """Return the same for any value (never None), which may be a part of this one."""
        ...

    def inside(self, one: Step) -> tuple[Step, Guide | None]:
        """Return the step as it is stored, and what is known of the part; UnknownColumn if there is no such part."""
        ...

    def word(self, one: Step) -> tuple[Step, Guide | None]:
        """The same for a part of a keyword: an attribute where there are any, else a key or position."""
        ...

    def attribute(self, name: str) -> tuple[Step, Guide | None]:
        """The same for an attribute. Raises UnknownColumn, TypeError if it is no object with attributes."""
        ...


class Recorder:
    """Stands for a document in `path(lambda settings: settings.theme.name)` and remembers what is asked of it."""

    __slots__ = ("_ferrow_path",)

    def __init__(self, path: JsonPath[Any]) -> None:
        object.__setattr__(self, "_ferrow_path", path)

    def __getattr__(self, name: str) -> Recorder:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        path: JsonPath[Any] = object.__getattribute__(self, "_ferrow_path")
        if path.guide is None:
            msg = f"{path!r} has no document model to look {name!r} up in; write [{name!r}]"
            raise TypeError(msg)
        return Recorder(path.followed(*path.guide.attribute(name)))

    def __getitem__(self, key: Any) -> Recorder:
        path: JsonPath[Any] = object.__getattribute__(self, "_ferrow_path")
        return Recorder(path.at(step(key)))

    def __iter__(self) -> Any:
        msg = "a path into a document has one part after the other; items are reached by [0]"
        raise TypeError(msg)

    def __bool__(self) -> bool:
        msg = "the path of a document has no value here: return the attribute itself, and compare what path() gives"
        raise TypeError(msg)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"{name!r} cannot be set: the function only says where something is"
        raise AttributeError(msg)


def recorded(path: JsonPath[Any], pick: Callable[[Any], Any]) -> JsonPath[Any]:
    """Return where `pick` goes.

    Raises:
        TypeError: it does not return a part of what it was given.
        UnknownColumn: an attribute the document does not have.
    """
    found = pick(Recorder(path))
    if not isinstance(found, Recorder):
        msg = f"the function must return a part of the document, such as lambda s: s.theme, not {found!r}"
        raise TypeError(msg)
    where: JsonPath[Any] = object.__getattribute__(found, "_ferrow_path")
    return where
