"""Where the names in an annotation are looked up: nearest first, and never as a whole class at once."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType
from typing import Any, ForwardRef

from ferrow.model.mapped import Mapped
from ferrow.model.registry import neighbours


class Missing(type):
    """Metaclass of the placeholder for a name that does not exist (yet).

    The placeholder takes part in `X | None`, `list[X]`, `module.X` and `f(x)`, so that all else in the annotation is still
    understood: whether it allows None, what `Annotated` adds.
    """

    def __getitem__(cls, item: object) -> Missing:
        return cls

    def __call__(cls, *args: object, **kwargs: object) -> Missing:  # noqa: D102
        return cls

    def __getattr__(cls, name: str) -> Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return missing(f"{cls.__name__}.{name}")


def missing(name: str) -> Missing:
    """Make the placeholder for `name`."""
    return Missing(name, (), {})


class Scope(dict[str, Any]):
    """The names an annotation of `owner` can use. As a dict subclass it may serve as the locals of `eval`.

    Order: the locals of the function the class was made in, models made in the same function, the module, the class itself
    (a column called `date` must not hide the type `date`), builtins. Unknown names are collected in `unknown`.
    """

    __slots__ = ("owner", "unknown")

    def __init__(self, owner: type) -> None:
        super().__init__()
        self.owner: type = owner
        self.unknown: list[str] = []

    def __missing__(self, name: str) -> Any:
        owner = self.owner
        local = owner.__dict__.get("__ferrow_locals__")
        if local is not None and name in local:
            return local[name]
        found = neighbours(owner, name)
        if found is not None:
            return found
        if name == owner.__name__:
            return owner
        module = sys.modules.get(owner.__module__)
        if module is not None and name in module.__dict__:
            return module.__dict__[name]
        if name in owner.__dict__ and not isinstance(owner.__dict__[name], Mapped):
            return owner.__dict__[name]
        for parameter in getattr(owner, "__type_params__", ()):
            if parameter.__name__ == name:
                return parameter
        if hasattr(builtins, name):
            return getattr(builtins, name)
        self.unknown.append(name)
        return missing(name)


def kept(reference: ForwardRef) -> dict[str, Any]:
    """What Python 3.14 keeps for an annotation that it cannot look up yet: variables of functions around it, and parts that are no name."""
    found = dict(getattr(reference, "__extra_names__", None) or {})
    cells: Any = getattr(reference, "__cell__", None) or {}
    for name, cell in (cells if isinstance(cells, dict) else {reference.__forward_arg__: cells}).items():
        try:
            found[name] = cell.cell_contents
        except ValueError:  # it has no value so far
            pass
    return found


def remember_locals(cls: type) -> None:
    """Keep what the function around `cls` has defined so far, as far as annotations can mean it.

    Values other than types and modules are not kept: a model must not hold on to a function's data.
    """
    around, found, _ = cls.__qualname__.rpartition(".<locals>.")
    if not found:
        return
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code.co_qualname != around:
        frame = frame.f_back
    if frame is not None:
        cls.__ferrow_locals__ = {  # type: ignore[attr-defined]
            name: value
            for name, value in frame.f_locals.items()
            if isinstance(value, (type, ModuleType))
            or type(value).__module__ in ("typing", "types", "typing_extensions")
        }
