"""What happens when a typed class is declared: find its columns and relations. Nothing is evaluated yet."""

from __future__ import annotations

import sys
from types import UnionType
from typing import Any, Union, get_args, get_origin

from ferrow.errors import ModelError
from ferrow.model.mapped import Mapped
from ferrow.model.options import ColumnOptions, RelationOptions
from ferrow.model.owner import own_annotations
from ferrow.model.registry import register
from ferrow.model.scope import remember_locals


class Field:
    """One declared attribute: the class that wrote it, its annotation as written (None: none), what stands on the right."""

    __slots__ = ("key", "options", "owner", "raw")

    def __init__(self, owner: type, key: str, raw: Any, options: ColumnOptions | RelationOptions | None) -> None:
        self.owner: type = owner
        self.key: str = key
        self.raw: Any = raw
        self.options: ColumnOptions | RelationOptions | None = options


def declare(cls: type) -> dict[str, Field]:
    """Collect the fields of `cls` and its bases (bases first, as dataclasses do) and put the descriptors on the class."""
    remember_locals(cls)
    fields: dict[str, Field] = {}
    for base in reversed(cls.__mro__):
        own = base.__dict__.get("__ferrow_own__")
        if own is None or base is cls:
            own = _own_fields(base)
            if base is cls:
                cls.__ferrow_own__ = own  # type: ignore[attr-defined]
        if fields:
            for key in fields.keys() & base.__dict__.keys():
                if key not in own:
                    del fields[key]  # the class hides an inherited column behind something else
        fields.update(own)
    for key in fields:
        setattr(cls, key, Mapped(cls, key))  # type: ignore[call-arg]  # at run time Mapped is the descriptor
    cls.__ferrow_fields__ = fields  # type: ignore[attr-defined]
    register(cls)
    return fields


def _own_fields(cls: type) -> dict[str, Field]:
    own: dict[str, Field] = {}
    if cls.__module__ == "builtins":
        return own
    namespace = cls.__dict__
    for key, raw in own_annotations(cls).items():
        value = namespace.get(key)
        given = isinstance(value, (ColumnOptions, RelationOptions))
        if given or is_mapped(raw, cls):
            if value is not None and not given and not isinstance(value, Mapped):
                raise ModelError(
                    f"{cls.__qualname__}.{key} = {value!r}: a column's default is given as "
                    f"{key}: Mapped[...] = mapped_column(default={value!r})."
                )
            own[key] = Field(cls, key, raw, value if given else None)
    for key, value in namespace.items():
        if isinstance(value, (ColumnOptions, RelationOptions)) and key not in own:
            own[key] = Field(cls, key, None, value)
    return own


def is_mapped(raw: Any, cls: type) -> bool:
    """Whether an annotation, possibly still text, is a `Mapped[...]`."""
    raw = getattr(raw, "__forward_arg__", raw)
    if not isinstance(raw, str):
        members = get_args(raw) if get_origin(raw) in (Union, UnionType) else (raw,)
        return any(getattr(member, "__origin__", None) is Mapped for member in members)
    head, bracket, _ = raw.strip("\"' ").partition("[")
    if not bracket:
        return False
    head = head.strip()
    if head.rpartition(".")[2] == "Mapped":
        return True
    module = sys.modules.get(cls.__module__)
    return module is not None and module.__dict__.get(head) is Mapped
